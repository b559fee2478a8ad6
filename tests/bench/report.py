# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark says: a table for a person, bench.json for a program, bench.svg to look at."""

import json
import pathlib
import statistics
import xml.etree.ElementTree as xml

STEPS = ("initiate", "view", "buy", "lock")
RATIOS = {"flow_ratio": "flow", "buy_ratio": "buy", "initiate_ratio": "initiate",
          "lock_ratio": "lock"}
TITLES = {
    "flow": "whole flow, 4 requests", "initiate": "InitiateTransaction alone",
    "view": "buy window alone", "buy": "buy alone", "lock": "Lock_Content alone",
    "hot_vendor": "whole flow, one hot vendor", "hot_users": "whole flow, ten hot users",
    "idle": "whole flow, idle connections", "large": "whole flow, large database",
}


def median(values):
    return statistics.median(list(values))


def summarise(settings, rounds, points, answers_us, audit):
    """Everything as one structure, with the keys that others read."""
    def ratio(name, base):
        return round(median(each[name]["rate"] / each[base]["rate"] for each in rounds), 3)

    def cost(name):
        flows = [each["flow"] for each in rounds]
        return round(median(flow["cpu_us"][name] / flow["loops"] for flow in flows), 1)

    def stored(name):
        flows = [each["flow"] for each in rounds]
        return round(median(flow[name] / flow["steps"]["buy"]["count"] for flow in flows))

    return {
        "tpcb_tps": round(median(each["tpcb"]["rate"] for each in rounds), 1),
        **{key: ratio(name, "tpcb") for key, name in RATIOS.items()},
        "hot_vendor_ratio": ratio("hot_vendor", "flow"),
        "hot_users_ratio": ratio("hot_users", "flow"),
        "large_ratio": ratio("large", "flow"),
        "alone_ratio": alone_ratio(rounds),
        "p50_ms": step_ms(rounds, "p50_us"),
        "p99_ms": step_ms(rounds, "p99_us"),
        "p99_ms_8": step_ms(rounds, "p99_us", "few"),
        "p99_ms_idle": step_ms(rounds, "p99_us", "idle"),
        "resident_mb_idle": max(each["idle"]["resident_mb"] for each in rounds),
        "bytes_per_purchase": stored("wal_bytes") + stored("data_bytes"),
        "wal_bytes_per_purchase": stored("wal_bytes"),
        "cpu_us_per_flow": {name: cost(name) for name in ("farthingd", "postgres", "load")},
        "answers_us": answers_us,
        "per_second": {name: round(median(each[name]["rate"] for each in rounds), 1)
                       for name in TITLES},
        "curve": [point_of(point) for point in points],
        "audit": audit,
        "settings": settings,
    }


def step_ms(rounds, quantile, name="flow"):
    """Of each step within the whole flow."""
    return {step: round(median(each[name]["steps"][step][quantile] for each in rounds) / 1000, 2)
            for step in STEPS}


def alone_ratio(rounds):
    """{step: a buyer's wait, with nobody else there, to the time of the procedure by itself}"""
    return {step: round(median(each["alone"]["flow"]["steps"][step]["p50_us"] /
                               each["alone"]["procedures"][step] for each in rounds), 2)
            for step in rounds[0]["alone"]["procedures"]}


def point_of(point):
    steps = point["flow"]["steps"]
    return {
        "buyers": point["buyers"],
        "flows_per_second": round(point["flow"]["rate"], 1),
        "tpcb_tps": round(point["tpcb"]["rate"], 1),
        "p99_ms": {step: steps[step]["p99_us"] / 1000 for step in STEPS},
        "tpcb_p99_ms": point["tpcb"]["p99_us"] / 1000,
    }


def print_table(result, rounds):
    settings = result["settings"]
    print(f"\n{settings['buyers']} buyers; {settings['users']:,} users, {settings['vendors']:,} "
          f"vendors, {settings['items']:,} items; median of {len(rounds)} round(s)\n")
    print(f"{'':30}{'per second':>12}{'to tpcb':>9}{'p50 ms':>9}{'p99 ms':>9}")
    tpcb = {name: median(each["tpcb"][name] for each in rounds) for name in ("p50_us", "p99_us")}
    row("pgbench tpcb-like, prepared", result["tpcb_tps"], 1.0, tpcb["p50_us"], tpcb["p99_us"])
    for name, title in TITLES.items():
        rate = result["per_second"][name]
        steps = [each[name]["steps"] for each in rounds]
        ratio = median(each[name]["rate"] / each["tpcb"]["rate"] for each in rounds)
        if len(steps[0]) == 1:
            row(title, rate, ratio, *(median(step[name][quantile] for step in steps)
                                      for quantile in ("p50_us", "p99_us")))
        else:
            row(title, rate, ratio)
            for step in STEPS if name == "flow" else ():
                print(f"{'    its ' + step:30}{'':21}{result['p50_ms'][step]:9.2f}"
                      f"{result['p99_ms'][step]:9.2f}")
    print(f"\n{'buyers':>8}{'flows/s':>10}{'buy p99 ms':>12}{'tpcb/s':>10}{'p99 ms':>9}")
    for point in result["curve"]:
        print(f"{point['buyers']:8}{point['flows_per_second']:10,.0f}"
              f"{point['p99_ms']['buy']:12.2f}{point['tpcb_tps']:10,.0f}"
              f"{point['tpcb_p99_ms']:9.2f}")
    cpu, audit = result["cpu_us_per_flow"], result["audit"]
    print(f"\nCPU per flow: farthingd {cpu['farthingd']:.0f} µs, PostgreSQL {cpu['postgres']:.0f} "
          f"µs, load generator {cpu['load']:.0f} µs")
    answers = ", ".join(f"{step} {taken_us:.1f}" for step, taken_us in result["answers_us"].items())
    print(f"Answers by themselves, µs of CPU: {answers}")
    print(f"Database bytes per purchase: {result['bytes_per_purchase']:,}, of which WAL "
          f"{result['wal_bytes_per_purchase']:,}")
    print(f"Hot vendor {result['hot_vendor_ratio']:.2f} and large database "
          f"({settings['large_users']:,} users, {settings['large_sales']:,} past sales) "
          f"{result['large_ratio']:.2f} of the flow's rate")
    alone = ", ".join(f"{step} {ratio:.2f}" for step, ratio in result["alone_ratio"].items())
    print(f"One buyer alone waits, to the procedure by itself: {alone}")
    print(f"{settings['idle']:,} idle connections: farthingd holds {result['resident_mb_idle']} MB,"
          f" p99 of the buy {result['p99_ms_idle']['buy']} ms, without them "
          f"{result['p99_ms']['buy']} ms; with 8 buyers, none idle, "
          f"{result['p99_ms_8']['buy']} ms")
    print(f"Audit: {audit['acknowledged']:,} purchases acknowledged, {audit['sales']:,} sales; "
          "postings sum to zero, balances equal postings")


def row(title, rate, ratio, p50_us=None, p99_us=None):
    times = "" if p50_us is None else f"{p50_us / 1000:9.2f}{p99_us / 1000:9.2f}"
    print(f"{title:30}{rate:12,.0f}{ratio:9.2f}{times}")


# --- the chart: two panels over the number of buyers, which doubles to the right ---

WIDTH, HEIGHT, MARGIN, GAP = 820, 360, 56, 70
COLOURS = {"Farthing": "#1b7f5c", "tpcb-like": "#b4552d"}


def element(parent, tag, text=None, **attributes):
    child = xml.SubElement(parent, tag, {name.replace("_", "-"): str(value)
                                         for name, value in attributes.items()})
    child.text = text
    return child


def write_chart(points, path):
    root = xml.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "font-size": "12",
                               "viewBox": f"0 0 {WIDTH} {HEIGHT}", "font-family": "sans-serif"})
    element(root, "rect", width=WIDTH, height=HEIGHT, fill="white")
    panel = (WIDTH - 2 * MARGIN - GAP) / 2
    draw_panel(root, "per second: whole flows, transactions", MARGIN, panel, points, {
        "Farthing": [point["flows_per_second"] for point in points],
        "tpcb-like": [point["tpcb_tps"] for point in points]})
    draw_panel(root, "p99 in ms: slowest step, transaction", MARGIN + panel + GAP, panel, points, {
        "Farthing": [max(point["p99_ms"].values()) for point in points],
        "tpcb-like": [point["tpcb_p99_ms"] for point in points]})
    xml.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def draw_panel(root, title, left, width, points, lines):
    top, bottom = MARGIN, HEIGHT - MARGIN
    highest = max(max(values) for values in lines.values()) or 1
    element(root, "text", title, x=left, y=top - 28, font_weight="bold")
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = bottom - share * (bottom - top)
        element(root, "line", x1=left, x2=left + width, y1=y, y2=y, stroke="#ddd")
        element(root, "text", f"{highest * share:,.0f}" if highest >= 20 else
                f"{highest * share:.1f}", x=left - 6, y=y + 4, text_anchor="end")
    places = [left + width * (index + 0.5) / len(points) for index in range(len(points))]
    for x, point in zip(places, points):
        element(root, "text", str(point["buyers"]), x=x, y=bottom + 18, text_anchor="middle")
    element(root, "text", "buyers", x=left + width / 2, y=bottom + 38, text_anchor="middle")
    for number, (name, values) in enumerate(lines.items()):
        spots = [(x, bottom - value / highest * (bottom - top))
                 for x, value in zip(places, values)]
        element(root, "polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in spots),
                fill="none", stroke=COLOURS[name], stroke_width=2)
        for x, y in spots:
            element(root, "circle", cx=round(x, 1), cy=round(y, 1), r=3, fill=COLOURS[name])
        element(root, "text", name, x=left + 90 * number, y=top - 10, fill=COLOURS[name])


def save(result):
    text = json.dumps(result, indent=2) + "\n"
    pathlib.Path("bench.json").write_text(text, encoding="utf-8")


def write_rounds(settings, rounds):
    """What is known before the curve and the audit: a run that fails later does not lose it."""
    save(summarise(settings, rounds, [], None, None))
    last = rounds[-1]
    return (f"tpcb-like {last['tpcb']['rate']:,.0f}/s, flows {last['flow']['rate']:,.0f}/s, "
            f"p99 of the buy {last['flow']['steps']['buy']['p99_us'] / 1000:.1f} ms, with few buyers "
            f"{last['few']['steps']['buy']['p99_us'] / 1000:.1f} ms")


def write(settings, rounds, points, answers_us, audit):
    result = summarise(settings, rounds, points, answers_us, audit)
    print_table(result, rounds)
    save(result)
    write_chart(result["curve"], "bench.svg")
    print("Written: bench.json, bench.svg")
