// SPDX-License-Identifier: Apache-2.0
// Shows the values under the pointer: of every curve at the nearest x, or of the nearest point.
"use strict";
const tip = document.getElementById("tip");

function place(scale, value) {
  if (scale[4]) return place([...scale.slice(0, 2).map(Math.log), scale[2], scale[3]], Math.log(value));
  return scale[2] + (value - scale[0]) / (scale[1] - scale[0]) * (scale[3] - scale[2]);
}

function shown(value) {
  return Math.abs(value) >= 1e4 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(5)));
}

function nearest(chart, x, y) {
  const byPoint = chart.s.some((series) => series.p);
  let best = null;
  for (const series of chart.s) {
    if (byPoint && !series.p) continue;
    for (let i = 0; i < series.x.length; ++i) {
      if (series.y[i] === null) continue;
      const dx = place(chart.x, series.x[i]) - x;
      const dy = byPoint ? place(chart.y, series.y[i]) - y : 0;
      const far = dx * dx + dy * dy;
      if (best === null || far < best.far) best = { far: far, series: series, i: i, value: series.x[i] };
    }
  }
  return best && { ...best, byPoint: byPoint };
}

function row(series, i) {
  const line = document.createElement("div");
  const dot = document.createElement("i");
  dot.className = "s" + series.c;
  line.append(dot, (series.n ? series.n + ": " : "") + shown(series.y[i]));
  return line;
}

function describe(chart, found) {
  const lines = [chart.t + ": " + shown(found.value)];
  if (found.byPoint) {
    lines.push(row(found.series, found.i), found.series.l[found.i] || "");
  } else {
    for (const series of chart.s) {
      const i = series.x.findIndex((x, k) => x === found.value && series.y[k] !== null);
      if (i >= 0) lines.push(row(series, i));
    }
  }
  tip.replaceChildren(...lines.map((line) => {
    if (typeof line !== "string") return line;
    const block = document.createElement("div");
    block.textContent = line;
    return block;
  }));
}

for (const plot of document.querySelectorAll(".plot")) {
  const data = plot.querySelector("script");
  if (!data) continue;
  const chart = JSON.parse(data.textContent);
  const svg = plot.querySelector("svg");
  const cursor = svg.querySelector(".cursor");
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const found = nearest(chart, (event.clientX - box.left) / box.width * chart.w,
                          (event.clientY - box.top) / box.height * chart.h);
    if (!found) return;
    const x = place(chart.x, found.value);
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
    cursor.style.visibility = "visible";
    describe(chart, found);
    tip.hidden = false;
    const left = Math.min(event.pageX + 14, window.scrollX + document.documentElement.clientWidth - tip.offsetWidth - 8);
    tip.style.left = Math.max(left, 4) + "px";
    tip.style.top = event.pageY + 16 + "px";
  });
  svg.addEventListener("pointerleave", () => {
    cursor.style.visibility = "hidden";
    tip.hidden = true;
  });
}
