# SPDX-License-Identifier: Apache-2.0
"""Pages in a browser: their scripts run, hovering shows values, nothing is cut off or too faint, on a desktop and on a
phone, in light and in dark colours. In continuous integration Chromium is there; elsewhere this may be skipped."""

import base64
import json
import re
import shutil
import subprocess

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDTHS, SCHEMES = {"desktop": 1200, "phone": 390}, {"dark": 0, "light": 1}  # the numbers are Chromium's

# Runs in the page: hovers over the middle of every chart, looks at sections, texts and colours, and tells its frame.
PROBE = """<script>
const errors = [];
window.onerror = (text) => { errors.push("script: " + text); };
function brightness(text) {
  return text.match(/[\\d.]+/g).slice(0, 3).map((x) => x / 255).map((x) => x <= 0.04045 ? x / 12.92 :
      ((x + 0.055) / 1.055) ** 2.4).reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
}
function contrast(a, b) {
  const [low, high] = [brightness(a), brightness(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}
window.onload = () => {
  const hovered = {}, card = getComputedStyle(document.querySelector("section")).backgroundColor;
  for (const plot of document.querySelectorAll(".plot")) {
    const svg = plot.querySelector("svg"), box = svg.getBoundingClientRect(), id = plot.parentNode.id;
    if (!(box.width > 200 && box.height > 30)) errors.push(id + " is not seen");
    for (const text of svg.querySelectorAll("text")) {
      const own = text.getBoundingClientRect();
      if (own.left < box.left - 3 || own.right > box.right + 3 || own.bottom > box.bottom + 3)
        errors.push(id + ": cut off: " + text.textContent);
      const style = getComputedStyle(text);
      if (contrast(style.fill, card) < 4.5) errors.push(id + ": faint: " + text.textContent);
    }
    for (const mark of svg.querySelectorAll(".line, .bar")) {
      const style = getComputedStyle(mark), colour = style.fill === "none" ? style.stroke : style.fill;
      if (contrast(colour, card) < 3) errors.push(id + ": a mark is faint: " + colour);
    }
    if (!plot.querySelector("script")) continue;
    svg.dispatchEvent(new PointerEvent("pointermove", { clientX: box.left + box.width / 2, clientY: box.top + 50 }));
    hovered[id] = tip.hidden ? "" : tip.innerText.split("\\n").join(" ");
    const placed = tip.getBoundingClientRect();
    if (placed.left < 0 || placed.right > window.innerWidth) errors.push(id + ": the tip leaves the window");
    svg.dispatchEvent(new PointerEvent("pointerleave"));
    if (!tip.hidden) errors.push(id + ": the tip stays");
  }
  if (document.documentElement.scrollWidth > window.innerWidth) errors.push("wider than the window");
  const sections = [...document.querySelectorAll("section")].filter((s) => s.offsetHeight > 60).map((s) => s.id);
  parent.postMessage({ errors, hovered, sections, card, width: window.innerWidth }, "*");
};
</script>"""
# A frame is as narrow as is asked for: windows of Chromium are not.
FRAME = """<!DOCTYPE html><title>waiting</title><script>
window.onmessage = (event) => { document.title = btoa(unescape(encodeURIComponent(JSON.stringify(event.data)))); };
</script><body style="margin: 0"><iframe src="page.html" style="border: 0; width: %dpx; height: 900px"></iframe>"""


@pytest.fixture
def browse(needed, tmp_path):
    """What the probe finds on a page."""
    needed("chromium", CHROMIUM or "")

    def browsing(path, device, scheme):
        text = path.read_text(encoding="utf-8")
        assert text.count("<head>") == 1
        (tmp_path / "page.html").write_text(text.replace("<head>", "<head>" + PROBE), encoding="utf-8")
        (tmp_path / "frame.html").write_text(FRAME % WIDTHS[device], encoding="utf-8")
        done = subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1300,900",
                               f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=10000",
                               f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}", "--dump-dom",
                               (tmp_path / "frame.html").as_uri()], capture_output=True, text=True, timeout=240)
        title = re.search(r"<title>(.*?)</title>", done.stdout, re.S).group(1)
        assert title != "waiting", done.stderr
        found = json.loads(base64.b64decode(title))
        assert found["width"] == WIDTHS[device]
        red = int(re.search(r"\d+", found["card"]).group())
        assert red < 80 if scheme == "dark" else red > 240
        return found

    return browsing


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("device", WIDTHS)
def test_a_report(browse, run, runs, tmp_path, device, scheme):
    assert run("report", runs / "a", "-o", tmp_path / "report.html").code == 0
    found = browse(tmp_path / "report.html", device, scheme)
    assert found["errors"] == []
    assert found["sections"] == ["run", "accuracy", "progress", "cells", "front", "operations", "lineage", "migrations",
                                 "time"]
    hovered = found["hovered"]
    assert all(hovered.values())
    assert re.fullmatch(r"meta-iteration: [67] mean query loss: [\d.]+", hovered["figure-loss"])
    assert "island 1: " in hovered["figure-fitness-best"] and "normal=" in hovered["figure-front-macs"]


def test_a_comparison(browse, run, runs, tmp_path):
    assert run("compare", runs / "a", runs / "b", "-o", tmp_path / "compare.html").code == 0
    assert browse(tmp_path / "compare.html", "phone", "light")["errors"] == []


def test_a_script_that_fails_is_seen(browse, run, runs, tmp_path):
    assert run("report", runs / "a", "-o", tmp_path / "report.html").code == 0
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    (tmp_path / "broken.html").write_text(text.replace("function nearest", "function farthest"), encoding="utf-8")
    assert any("script" in error for error in browse(tmp_path / "broken.html", "desktop", "light")["errors"])
