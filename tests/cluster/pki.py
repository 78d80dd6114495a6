# SPDX-License-Identifier: Apache-2.0
"""A temporary certificate authority, and kubeconfig files with its certificates."""
import base64
import json
import os

from .run import sh

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
DAYS = "30"


def _base64(file):
    with open(file, "rb") as f:
        return base64.b64encode(f.read()).decode()


class Authority:
    def __init__(self, work_dir):
        self.work_dir = work_dir
        os.makedirs(work_dir)
        self.ca = f"{work_dir}/ca.crt"
        self.service_account_key = f"{work_dir}/service-accounts.key"
        sh("openssl", "req", "-x509", *KEY, "-keyout", f"{work_dir}/ca.key", "-out", self.ca,
           "-subj", "/CN=test-cluster", "-days", DAYS)
        sh("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048",
           "-out", self.service_account_key)

    def issue(self, name, subject, extension):
        """Issues the certificate NAME.crt for a new key NAME.key; returns both paths."""
        base = f"{self.work_dir}/{name}"
        with open(f"{base}.ext", "w", encoding="ascii") as f:
            f.write(extension)
        sh("openssl", "req", *KEY, "-keyout", f"{base}.key", "-out", f"{base}.csr",
           "-subj", subject)
        sh("openssl", "x509", "-req", "-in", f"{base}.csr", "-CA", self.ca,
           "-CAkey", f"{self.work_dir}/ca.key", "-CAcreateserial", "-days", DAYS,
           "-extfile", f"{base}.ext", "-out", f"{base}.crt")
        return f"{base}.crt", f"{base}.key"

    def issue_server(self, name, *alternatives):
        return self.issue(name, f"/CN={name}", "subjectAltName=" + ",".join(alternatives))

    def issue_client(self, name, user, group=None):
        subject = f"/O={group}/CN={user}" if group else f"/CN={user}"
        return self.issue(name, subject, "extendedKeyUsage=clientAuth")

    def kubeconfig(self, path, server, user, group=None):
        """Writes a kubeconfig file for a user with a client certificate."""
        name = os.path.basename(path)
        crt, key = self.issue_client(name, user, group)
        return write_kubeconfig(path, server, _base64(self.ca), {
            "client-certificate-data": _base64(crt), "client-key-data": _base64(key)})


def write_kubeconfig(path, server, ca_base64, credentials):
    """Writes a kubeconfig as JSON, which is valid YAML."""
    cluster = {"server": server, "certificate-authority-data": ca_base64}
    context = {"cluster": "test", "user": "test"}
    with open(path, "w", encoding="ascii") as f:
        json.dump({
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "clusters": [{"name": "test", "cluster": cluster}],
            "users": [{"name": "test", "user": credentials}],
            "contexts": [{"name": "test", "context": context}],
        }, f, indent=1)
    os.chmod(path, 0o600)
    return path
