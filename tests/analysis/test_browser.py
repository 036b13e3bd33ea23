# SPDX-License-Identifier: Apache-2.0
"""The page in a browser: its script runs, and hovering shows values. Skipped where there is no Chromium."""

import re
import shutil
import subprocess

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

# Hovers over the middle of every chart and writes what the page says then into its title.
HOVER = """<script>
window.onerror = (text) => { document.title += " error: " + text; };
window.onload = () => {
  const texts = [];
  for (const plot of document.querySelectorAll(".plot")) {
    if (!plot.querySelector("script")) continue;
    const svg = plot.querySelector("svg"), box = svg.getBoundingClientRect();
    svg.dispatchEvent(new PointerEvent("pointermove", { clientX: box.left + box.width / 2, clientY: box.top + 50 }));
    texts.push(plot.parentNode.id + "=" + (tip.hidden ? "" : tip.innerText.split("\\n").join(" ")));
    svg.dispatchEvent(new PointerEvent("pointerleave"));
    if (!tip.hidden) texts.push("error: the tip stays");
  }
  const wide = document.documentElement.scrollWidth > window.innerWidth ? " error: wider than the window" : "";
  document.title = "hovered " + texts.join("; ") + wide;
};
</script>"""


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
@pytest.mark.parametrize("width", [1200, 500])
def test_hovering_shows_values(run, runs, tmp_path, width):
    assert run("report", runs / "a", "-o", tmp_path / "report.html").code == 0
    page = tmp_path / "hover.html"
    page.write_text((tmp_path / "report.html").read_text(encoding="utf-8").replace("<head>", "<head>" + HOVER, 1),
                    encoding="utf-8")
    done = subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},900",
                           f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()],
                          capture_output=True, text=True, timeout=120)
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.S).group(1)
    assert title.startswith("hovered ") and "error" not in title, title
    told = dict(part.split("=", 1) for part in title[len("hovered "):].split("; "))
    assert re.fullmatch(r"meta-iteration: 6 mean query loss: [\d.]+", told["figure-loss"])
    assert "island 1: " in told["figure-fitness-best"]
    assert "normal=" in told["figure-front-macs"]
