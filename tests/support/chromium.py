# SPDX-License-Identifier: GPL-3.0-or-later
"""A real browser, as the user of a test moves it."""

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from support.place import DEADLINE_S

POPUP = (480, 640)
PHONE = (390, 844)


class Chromium:
    def __init__(self, language="en"):
        options = webdriver.ChromeOptions()
        for switch in ("headless=new", "no-sandbox", "disable-background-networking",
                       "disable-component-update", "disable-sync", "no-first-run",
                       "disable-dev-shm-usage", "disable-gpu"):
            options.add_argument("--" + switch)
        options.add_experimental_option("prefs", {"intl.accept_languages": language})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_page_load_timeout(DEADLINE_S)
        self.language = language

    def begin(self, size=POPUP, scripts=True):
        """As a browser that knows nothing yet."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        # A window has a least width, which a phone's is below.
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False})
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})

    def end(self):
        """Leaves one empty window."""
        first, *others = self.driver.window_handles
        for handle in others:
            self.driver.switch_to.window(handle)
            self.driver.close()
        self.driver.switch_to.window(first)
        self.driver.get("about:blank")

    def quit(self):
        self.driver.quit()

    def complaints(self):
        """What the console says of errors, for one of our Content-Security-Policy."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] == "SEVERE" and "favicon" not in entry["message"]]

    def open(self, url):
        self.driver.get(url)

    @property
    def url(self):
        return self.driver.current_url

    def find(self, css):
        """Waits until the element is there."""
        return self._wait().until(lambda driver: driver.find_element(By.CSS_SELECTOR, css),
                                  f"no {css}")

    def find_all(self, css):
        """Waits until there is one."""
        self.find(css)
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def has(self, css):
        return bool(self.driver.find_elements(By.CSS_SELECTOR, css))

    def text(self, css="body"):
        """Of an element of the page that shows; one that is just leaving is asked no more."""
        return self._wait().until(lambda driver: driver.find_element(By.CSS_SELECTOR, css).text)

    def reads(self, css, text):
        """Waits until the element says just that."""
        return self._wait().until(
            lambda driver: driver.find_element(By.CSS_SELECTOR, css).text == text,
            f"{css} does not read: {text}")

    def _wait(self):
        return WebDriverWait(self.driver, DEADLINE_S, 0.02,
                             (NoSuchElementException, StaleElementReferenceException))

    def click(self, css):
        self.find(css).click()

    def fill(self, **fields):
        for name, value in fields.items():
            field = self.find(f"[name={name}]")
            if field.tag_name != "select":
                field.clear()
            field.send_keys(value)

    def cookie(self, name="farthing_login"):
        return self.driver.get_cookie(name)

    def follow_popup(self):
        """Waits for a second window and goes there."""
        first = self.driver.current_window_handle
        self._wait().until(lambda driver: len(driver.window_handles) == 2, "no second window")
        self.driver.switch_to.window(
            next(handle for handle in self.driver.window_handles if handle != first))

    # --- what a user does ---

    def press_buy(self):
        self.click("button[name=action][value=buy]")

    def log_in(self, user):
        self.fill(login_name=user.login_name, password=user.password)
        self.click("main form button.primary")

    def log_in_first(self, farthingd, user):
        self.open(farthingd.url + "/login")
        self.log_in(user)
        self.find("form[action='/logout']")

    def delivered(self):
        """Waits until the shop has answered; whether it gave the content."""
        return self.find("#delivered, #refused").get_attribute("id") == "delivered"
