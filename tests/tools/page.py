# SPDX-License-Identifier: GPL-2.0
"""page.py ADDRESS AWAY LATER SCREENSHOT: test the page of l2pc export in a headless
Chromium, through chromedriver. AWAY and LATER are files that control the simulated
kernel (world.h). Print PASS or FAIL lines."""
import base64
import json
import os
import subprocess
import sys
import time
import urllib.request

ADDRESS, AWAY, LATER, SCREENSHOT = sys.argv[1:]
FAILED = []


def driver_start():
    """Start chromedriver at a free port, which it prints."""
    process = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if "successfully on port" in line:
            return process, "http://127.0.0.1:" + line.split("port")[-1].strip(" .\n")
    raise SystemExit("FAIL page/chromedriver")


def command(path, body=None, method=None):
    """Send a WebDriver command, and return its result."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(DRIVER + path, data, method=method)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)["value"]


def run(script):
    """Run a function body in the page, and return its result."""
    return command(SESSION + "/execute/sync", {"script": script, "args": []})


def check(name, condition):
    """Wait until the condition holds, and report the result. A slow machine takes long."""
    value = None
    for _ in range(300):
        value = condition()
        if value is True:
            print(f"PASS page/{name}")
            return
        time.sleep(0.2)
    FAILED.append(name)
    print(f"FAIL page/{name}: expected True, got {value!r}")


def rows():
    """Return the page's stations: port, address, VLAN, name, vendor, packets and bytes,
    and packets and bytes of sent frames."""
    return run("""return [...document.querySelectorAll('#stations tbody tr')].map(
        tr => [0, 1, 2, 3, 4, 5, 6, 8, 9].map(i => tr.cells[i].textContent.replaceAll('\\u202f', '')))""")


def expected():
    """Return the same rows, from the JSON."""
    with urllib.request.urlopen(f"http://{ADDRESS}/api/v1/stations", timeout=60) as answer:
        views = json.load(answer)
    stations = [(view["ifname"], s) for view in views for s in view["stations"]]
    stations.sort(key=lambda pair: -pair[1]["packets"] - pair[1].get("tx_packets", 0))
    return [[port, s["mac"], str(s.get("vlan", "-")), s.get("name", "-"),
             s.get("vendor", "local" if s.get("local") else "-"), str(s["packets"]), str(s["bytes"]),
             str(s.get("tx_packets", "-")), str(s.get("tx_bytes", "-"))]
            for port, s in stations]


def same(want):
    """Compare the page's rows with the wanted ones."""
    now = rows()
    return now == want or (now, want)


def packets_of(stations, cell):
    """Return the sum of the stations' packets: received (5) or sent (7)."""
    return sum(int(station[cell]) for station in stations)


def rate_shown(cell):
    """Return the port's rate in packets per second: received (4) or sent (8)."""
    return float(run(f"""return document.querySelector('#ports tbody tr').cells[{cell}]
        .textContent.replaceAll('\\u202f', '')"""))


def columns():
    """Return the visible titles of the ports' columns."""
    return run("""return [...document.querySelectorAll('#ports th')].filter(
        th => th.offsetParent).map(th => th.innerText).join(' ')""")


def lines():
    """Return the kinds of lines in the chart."""
    return run("""return [...document.querySelectorAll('polyline')].map(
        line => line.getAttribute('class')).join(', ')""")


def text(element):
    """Return the text of an element."""
    return run(f"return document.querySelector('{element}').textContent")


def legend():
    """Return the names of the history's legend whose colors are those of bars."""
    return run("""return [...document.querySelectorAll('#past-keys .key')].filter(key => {
        const bar = [...document.querySelectorAll('#month rect')].find(rect =>
            getComputedStyle(rect).fill === getComputedStyle(key).backgroundColor);
        return key.offsetParent && bar && bar.textContent.endsWith(key.nextSibling.textContent);
    }).map(key => key.nextSibling.textContent)""")


PROCESS, DRIVER = driver_start()
try:
    OPTIONS = {"args": ["--headless=new", "--no-sandbox", "--window-size=1240,1020", "--disable-gpu"]}
    SESSION = "/session/" + command("/session", {"capabilities": {"alwaysMatch": {
        "goog:chromeOptions": OPTIONS, "goog:loggingPrefs": {"browser": "ALL"}}}})["sessionId"]
    command(SESSION + "/url", {"url": f"http://{ADDRESS}/"})
    run("window.loadedOnce = true")
    FIRST = expected()
    check("rows", lambda: same(FIRST))
    check("live", lambda: text("#state") == "live" or text("#state"))
    RECEIVED = "Port Stations Packets Bytes Pkt/s Bytes/s Untracked"
    check("one-direction", lambda: columns() == RECEIVED or columns())
    # Advance the clock step by step: the page reads again by itself.
    PACKETS, SENT = [packets_of(FIRST, 5)], [0]
    for step in range(1, 25):
        with open(LATER, "w", encoding="ascii") as file:
            file.write(str(step * 20))
        time.sleep(1.1)
        NOW = expected()
        PACKETS.append(packets_of(NOW, 5))
        SENT.append(packets_of(NOW, 7))
    LAST = expected()
    check("updates", lambda: LAST != FIRST and same(LAST))
    check("not-reloaded", lambda: run("return window.loadedOnce === true"))
    # The rate is since the last reading, or an earlier one if the page was late.
    RATES = [(PACKETS[-1] - packets) / (20 * (len(PACKETS) - 1 - step)) for step, packets in enumerate(PACKETS[:-1])]
    check("rate", lambda: any(abs(rate_shown(4) - rate) < 1 for rate in RATES) or (rate_shown(4), RATES))
    RATES = [(SENT[-1] - packets) / (20 * (len(SENT) - 1 - step)) for step, packets in enumerate(SENT[:-1])]
    check("rate-sent", lambda: any(abs(rate_shown(8) - rate) < 1 for rate in RATES) or (rate_shown(8), RATES))
    BOTH = "Port Stations RX Packets RX Bytes RX Pkt/s RX Bytes/s TX Packets TX Bytes TX Pkt/s TX Bytes/s Untracked"
    check("two-directions", lambda: columns() == BOTH or columns())
    check("two-lines", lambda: lines() == "rate, rate sent" or lines())
    check("keys", lambda: text("#keys") == "eth0 RXeth0 TX" or text("#keys"))
    check("chart", lambda: run("return document.querySelector('polyline').getAttribute('points').split(' ').length") > 5)
    check("markup-is-text", lambda: run("return !document.querySelector('table b') && typeof window.evil") == "undefined")
    def bars(chart):
        return run(f"return [...document.querySelectorAll('#{chart} rect title')].map(t => t.textContent).join(', ')")

    check("history", lambda: text("#whose") == "eth0" or text("#whose"))
    MONTH = bars("month")
    check("history-legend", lambda: legend() == ["received", "sent"] or legend())
    check("history-days", lambda: MONTH.count("received") >= 2 or MONTH)
    run("[...document.querySelectorAll('#stations tbody tr')].find(tr => tr.cells[1].textContent.endsWith('00:01')).click()")
    check("history-station", lambda: text("#whose") == "printer on eth0" or text("#whose"))
    check("history-station-days", lambda: bars("month") != MONTH and bars("month").count("received") >= 2 or bars("month"))
    # The lines below the charts: what their bars are.
    check("history-range", lambda: text("#month-range").startswith("2025-11-25 to 2025-11-26, most: ") or text("#month-range"))
    with open(SCREENSHOT, "wb") as file:
        file.write(base64.b64decode(command(SESSION + "/screenshot")))
    run("choose('eth1')")
    check("history-of-one-direction", lambda: (text("#whose"), legend(), text("#month-range")) == (
        "eth1", [], "2025-11-26, most: 4.2 kB") or (legend(), text("#month-range")))
    with open(AWAY, "w", encoding="ascii"):
        pass
    with open(LATER, "w", encoding="ascii") as file:
        file.write("1000")
    check("unloaded", lambda: text("#state") == "the module does not answer: it is not loaded, or too busy" or text("#state"))
    os.unlink(AWAY)
    with open(LATER, "w", encoding="ascii") as file:
        file.write("1002")
    check("loaded-again", lambda: text("#state") == "live" or text("#state"))
    check("still-not-reloaded", lambda: run("return window.loadedOnce === true"))
    LOG = [entry["message"] for entry in command(SESSION + "/se/log", {"type": "browser"})
           if "503" not in entry["message"] and "favicon" not in entry["message"]]
    check("console", lambda: not LOG or LOG)
    command(SESSION, method="DELETE")
finally:
    PROCESS.terminate()
    PROCESS.wait()
sys.exit(bool(FAILED))
