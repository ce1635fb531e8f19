# SPDX-License-Identifier: GPL-2.0
"""export_clients.py ADDRESS crowd|slow|broken: connect to l2pc export with many clients,
with clients that stop sending, or with invalid requests. Print the results."""
import collections
import http.client
import socket
import sys

HOST, PORT = sys.argv[1].rsplit(":", 1)
MANY = 500
REQUEST = b"GET /metrics HTTP/1.1\r\nHost: l2pc\r\nConnection: close\r\n\r\n"


def connect():
    client = socket.create_connection((HOST, int(PORT)), timeout=60)
    return client


def answer_of(client):
    """Receive until the other side closes the connection."""
    parts = []
    while True:
        try:
            part = client.recv(65536)
        except ConnectionResetError:
            part = b""
        if not part:
            return b"".join(parts)
        parts.append(part)


def scrape():
    """Scrape once, with an independent client."""
    client = http.client.HTTPConnection(HOST, int(PORT), timeout=60)
    client.request("GET", "/metrics")
    answer = client.getresponse()
    return answer.status, answer.read()


def crowd():
    """Connect all clients, then send all requests, then read all answers."""
    clients = [connect() for _ in range(MANY)]
    for client in clients:
        client.sendall(REQUEST)
    answers = [answer_of(client) for client in clients]
    bodies = collections.Counter(a.partition(b"\r\n\r\n")[2] for a in answers)
    good = sum(a.startswith(b"HTTP/1.1 200 ") for a in answers)
    print(f"{MANY} requests, {good} answers, {len(bodies)} different body")


def slow():
    """Leave many requests incomplete, and scrape with another client."""
    clients = [connect() for _ in range(MANY)]
    for client in clients:
        client.sendall(REQUEST[:20])
    status, body = scrape()
    print(f"with {MANY} incomplete requests: {status}, {body.count(b'l2pc_up')} lines of l2pc_up")
    for client in clients:
        client.close()


BROKEN = {
    "nothing": b"\r\n\r\n",
    "noise": bytes(range(256)) * 8,
    "no version": b"GET /metrics\r\n\r\n",
    "long line": b"GET /" + b"a" * 1000000 + b" HTTP/1.1\r\n\r\n",
    "long header": b"GET /metrics HTTP/1.1\r\nHost: l2pc\r\nX: " + b"a" * 1000000 + b"\r\n\r\n",
    "many headers": b"GET /metrics HTTP/1.1\r\nHost: l2pc\r\n" + b"X: y\r\n" * 100000 + b"\r\n",
    "large body": b"POST /metrics HTTP/1.1\r\nHost: l2pc\r\nContent-Length: 100000000\r\n\r\n" + b"a" * 100000,
    "bad length": b"POST / HTTP/1.1\r\nHost: l2pc\r\nContent-Length: -1\r\n\r\n",
    "bad chunk": b"POST / HTTP/1.1\r\nHost: l2pc\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "way up": b"GET /../../etc/passwd HTTP/1.1\r\nHost: l2pc\r\nConnection: close\r\n\r\n",
    "zero byte": b"GET /metrics%00x HTTP/1.1\r\nHost: l2pc\r\nConnection: close\r\n\r\n",
}


def broken():
    """Send each invalid request, and check that the next client is served normally."""
    for name, request in BROKEN.items():
        client = connect()
        try:
            client.sendall(request)
            client.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        answer = answer_of(client)
        served = b"l2pc_up" in answer
        status, _ = scrape()
        print(f"{name}: {'served' if served else 'not served'}, then {status}")


{"crowd": crowd, "slow": slow, "broken": broken}[sys.argv[2]]()
