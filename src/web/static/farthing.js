/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every page works without this file; it only saves clicks. */
"use strict";

/* Hands over to the vendor. */
document.querySelector("form[data-submit]")?.submit();

/* After a cancellation: closes the window if a script opened it, else the page stays. */
if (document.querySelector("[data-close-window]")) {
    window.close();
}

/* A way back to the vendor: in a popup that is the window behind it. */
for (const link of document.querySelectorAll("a[data-close]")) {
    link.addEventListener("click", () => window.close());
}

for (const button of document.querySelectorAll("button[data-back]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
        if (history.length > 1) {
            history.back();
        } else {
            window.close();
        }
    });
}
