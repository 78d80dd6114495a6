# SPDX-License-Identifier: Apache-2.0
"""A client of the Kubernetes API for tests, which keeps its connection for later requests."""
import base64
import http.client
import json
import socket
import ssl
import tempfile
from urllib.parse import urlencode, urlsplit

from . import netns

MERGE = "application/merge-patch+json"
APPLY = "application/apply-patch+yaml"

# maps a kind to (group and version, plural name in URLs, true if its objects have a namespace)
KINDS = {
    "Namespace": ("api/v1", "namespaces", False),
    "Node": ("api/v1", "nodes", False),
    "Pod": ("api/v1", "pods", True),
    "Service": ("api/v1", "services", True),
    "ServiceAccount": ("api/v1", "serviceaccounts", True),
    "Event": ("api/v1", "events", True),
    "EndpointSlice": ("apis/discovery.k8s.io/v1", "endpointslices", True),
    "Secret": ("api/v1", "secrets", True),
    "Lease": ("apis/coordination.k8s.io/v1", "leases", True),
    "DaemonSet": ("apis/apps/v1", "daemonsets", True),
    "Deployment": ("apis/apps/v1", "deployments", True),
    "IPAddressPool": ("apis/metallb.io/v1beta1", "ipaddresspools", True),
    "L2Advertisement": ("apis/metallb.io/v1beta1", "l2advertisements", True),
    "ServiceL2Status": ("apis/metallb.io/v1beta1", "servicel2statuses", True),
}


class ApiError(Exception):
    def __init__(self, status, message):
        super().__init__(f"{status}: {message}")
        self.status = status


def path_of(kind, namespace=None, name=None, sub=None):
    version, plural, namespaced = KINDS[kind]
    parts = [version]
    if namespaced and namespace:
        parts += ["namespaces", namespace]
    parts += [p for p in (plural, name, sub) if p]
    return "/" + "/".join(parts)


class Api:
    """
    Calls the API server of a kubeconfig from the network namespace netns_path.  If netns_path is
    None, calls the API server from the caller's network namespace.
    """

    def __init__(self, kubeconfig, netns_path=None, timeout=10):
        with open(kubeconfig, encoding="ascii") as f:
            config = json.load(f)
        self.server = urlsplit(config["clusters"][0]["cluster"]["server"])
        self.tls = _tls(config)
        self.token = config["users"][0]["user"].get("token")
        self.netns_path = netns_path
        self.timeout = timeout
        self.connection = None

    def connect(self):
        """Opens and returns a new connection, for callers that send their own requests."""
        port = self.server.port or 443
        conn = http.client.HTTPSConnection(self.server.hostname, port, context=self.tls,
                                           timeout=self.timeout)
        sock = netns.socket_in(self.netns_path or "/proc/self/ns/net",
                               socket.AF_INET, socket.SOCK_STREAM)
        sock.settimeout(self.timeout)
        sock.connect((self.server.hostname, port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        conn.sock = self.tls.wrap_socket(sock, server_hostname=self.server.hostname)
        return conn

    def request(self, method, path, body=None, content_type="application/json"):
        """Sends a request; connects again if the server has closed the connection."""
        data = None if body is None else json.dumps(body)
        headers = {"Content-Type": content_type, "Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        fresh = self.connection is None
        try:
            if fresh:
                self.connection = self.connect()
            self.connection.request(method, path, data, headers)
            response = self.connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException):
            self.connection = None
            if fresh:
                raise
            return self.request(method, path, body, content_type)
        if response.status >= 400:
            raise ApiError(response.status, _message(text))
        return json.loads(text) if text[:1] == b"{" else text.decode()

    def get(self, kind, name, namespace="default"):
        return self.request("GET", path_of(kind, namespace, name))

    def list(self, kind, namespace=None, **query):
        query = "?" + urlencode(query) if query else ""
        return self.request("GET", path_of(kind, namespace) + query)["items"]

    def apply(self, obj, sub=None):
        """Server-side apply: creates an object, or changes the existing object to match `obj`."""
        meta = obj["metadata"]
        path = path_of(obj["kind"], meta.get("namespace", "default"), meta["name"], sub)
        return self.request("PATCH", path + "?fieldManager=test&force=true", obj, APPLY)

    def patch(self, kind, name, change, namespace="default", sub=None):
        """Sends a merge patch."""
        return self.request("PATCH", path_of(kind, namespace, name, sub), change, MERGE)

    def delete(self, kind, name, namespace="default"):
        """Deletes an object; does nothing if the object does not exist."""
        try:
            self.request("DELETE", path_of(kind, namespace, name))
        except ApiError as e:
            if e.status != 404:
                raise

    def delete_all(self, kind, namespace="default", **query):
        """Deletes all objects of a kind in a namespace that match the query, in one request."""
        query = "?" + urlencode(query) if query else ""
        self.request("DELETE", path_of(kind, namespace) + query)


def _message(text):
    try:
        return json.loads(text)["message"]
    except (ValueError, KeyError):
        return text.decode(errors="replace")[:500]


def _tls(config):
    """The TLS context with the CA and, if there is one, the client certificate of a kubeconfig."""
    user = config["users"][0]["user"]
    authority = base64.b64decode(config["clusters"][0]["cluster"]["certificate-authority-data"])
    context = ssl.create_default_context(cadata=authority.decode())
    if "client-key-data" not in user:
        return context
    with tempfile.NamedTemporaryFile() as pem:
        pem.write(base64.b64decode(user["client-certificate-data"]))
        pem.write(base64.b64decode(user["client-key-data"]))
        pem.flush()
        context.load_cert_chain(pem.name)
    return context
