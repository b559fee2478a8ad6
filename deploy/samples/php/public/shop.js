// SPDX-License-Identifier: GPL-3.0-or-later
// Opens the buy window on the click; without this script, or where a popup is refused or would
// cover a small screen, the link opens it as a page.
"use strict";

document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link === null || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) {
        return;
    }
    if ("buy" in link.dataset && window.innerWidth >= 720) {
        if (window.open(link.href, "farthing_buy", "popup,width=560,height=720") !== null) {
            event.preventDefault();
        }
    } else if ("back" in link.dataset && window.opener !== null) {
        event.preventDefault();
        window.close();
    }
});

// Whoever copies the address shall not hand on the ID that came with it.
const article = document.querySelector("article[data-address]");
if (article !== null) {
    history.replaceState(null, "", article.dataset.address);
}
