# SPDX-License-Identifier: Apache-2.0
"""The client finds the cluster and credentials, and uses proxies and TLS as configured."""
import os
import shutil
import subprocess

import pytest

from conftest import REFLECT, Reflect, write_kubeconfig
from fake import Fake, answers, status

OK = answers(200, "{}")
NO = answers(401, status(401, "Unauthorized", "Unauthorized"))
IN_POD = """mount -t tmpfs none /run && mkdir -p /run/secrets/kubernetes.io/serviceaccount &&
mount --bind "$ACCOUNT" /run/secrets/kubernetes.io/serviceaccount && exec "$@" """


def make_certificate(folder):
    """Create a certificate for loopback addresses and api.test in server.crt; return server.pem with its key."""
    crt, pem = folder / "server.crt", folder / "server.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=fake", "-keyout", pem, "-out", crt,
                    "-addext", "subjectAltName=IP:127.0.0.1,IP:::1,DNS:api.test"],
                   check=True, stderr=subprocess.DEVNULL)
    pem.write_text(pem.read_text() + crt.read_text())
    return pem


@pytest.fixture(scope="session")
def pem(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def account(tmp_path, pem):
    """A folder with the files that the kubelet mounts into a pod."""
    path = tmp_path / "account"
    path.mkdir()
    shutil.copy(pem.with_suffix(".crt"), path / "ca.crt")
    (path / "token").write_text("first\n")
    (path / "namespace").write_text("pods-ns")
    return path


@pytest.fixture
def run(tmp_path):
    """run(fake, kubeconfig, **env): runs reflect with only these environment variables."""
    opened = []

    def go(fake, kubeconfig="", inside=(), **env):
        opened.append(fake)
        opened.insert(0, Reflect(kubeconfig, kind=None, inside=inside, env=environment(tmp_path, **env)))
        return opened[0]

    yield go
    for one in opened:
        one.close()


def environment(home, **env):
    return {"PATH": os.environ["PATH"], "HOME": str(home), **{k: str(v) for k, v in env.items()}}


def in_pod(fake, account, host="127.0.0.1"):
    if os.geteuid() != 0:
        pytest.skip("mount namespaces need root")
    return {"inside": ("unshare", "-m", "sh", "-c", IN_POD, "-"), "ACCOUNT": account,
            "KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": fake.port}


def get_version(r):
    r.command("GET /version")
    return r.read("response")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_pod_uses_its_service_account(run, account, pem, host):
    fake = Fake(OK, host=host, pem=pem)
    r = run(fake, **in_pod(fake, account, host))
    assert (r.origin, r.server, r.namespace) == ("the pod's service account", fake.url, "pods-ns")
    assert get_version(r).startswith("response 200")
    assert fake.seen.get() == ("/version", "Bearer first")


def test_a_rotated_token_of_a_pod_is_read_again(run, account, pem):
    fake = Fake(OK, NO, OK, pem=pem)
    r = run(fake, **in_pod(fake, account))
    assert get_version(r).startswith("response 200")
    # the kubelet replaces the token file by a new file
    (account / "next").write_text("second")
    (account / "next").rename(account / "token")
    assert get_version(r).startswith("response 200")
    assert [fake.seen.get()[1] for _ in range(3)] == ["Bearer first", "Bearer first", "Bearer second"]


def test_a_pod_trusts_only_the_ca_of_its_service_account(run, account, pem, tmp_path):
    shutil.copy(make_certificate(tmp_path).with_suffix(".crt"), account / "ca.crt")
    fake = Fake(OK, pem=pem)
    assert "certificate" in get_version(run(fake, **in_pod(fake, account)))
    assert fake.seen.empty()


def test_kubeconfig_wins_over_the_service_account_and_that_over_home(run, account, pem, tmp_path):
    fake = Fake(OK, pem=pem)
    (tmp_path / ".kube").mkdir()
    home = write_kubeconfig(tmp_path / ".kube/config", "http://127.0.0.1:1")
    assert run(fake, **in_pod(fake, account)).server == fake.url
    listed = write_kubeconfig(tmp_path / "listed", "http://127.0.0.1:2")
    assert run(fake, KUBECONFIG=listed, **in_pod(fake, account)).server == "http://127.0.0.1:2"
    assert run(fake, home, KUBECONFIG=listed).server == "http://127.0.0.1:1"


def test_the_file_in_the_home_folder_is_used_last(run, tmp_path):
    fake = Fake(OK)
    (tmp_path / ".kube").mkdir()
    path = write_kubeconfig(tmp_path / ".kube/config", fake.url)
    r = run(fake)
    assert r.origin == f"{path}, context x"
    assert get_version(r).startswith("response 200")


def test_without_any_file_the_error_lists_where_to_put_one(tmp_path):
    done = subprocess.run([REFLECT], env=environment(tmp_path), text=True, stdout=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("error no cluster: ") and f"{tmp_path}/.kube/config" in done.stdout


def test_listed_files_are_merged_and_the_first_value_wins(run, tmp_path):
    fake = Fake(OK)
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("current-context: x\nusers: [{name: u, user: {token: of-first}}]\n")
    write_kubeconfig(second, fake.url, "{token: of-second}")
    second.write_text(second.read_text().replace("current-context: x", "current-context: other"))
    r = run(fake, KUBECONFIG=f"{tmp_path}/absent::{first}:{second}")
    assert get_version(r).startswith("response 200")
    assert fake.seen.get()[1] == "Bearer of-first"


def test_requests_use_the_proxy_url_of_the_cluster(run, tmp_path):
    proxy = Fake(OK)
    kubeconfig = write_kubeconfig(tmp_path / "config", "http://api.test:8080", **{"proxy-url": proxy.url})
    assert get_version(run(proxy, kubeconfig)).startswith("response 200")
    assert proxy.request() == "http://api.test:8080/version"


@pytest.mark.parametrize("cluster, trusted", [
    ({}, False),
    ({"insecure-skip-tls-verify": True}, True),
    ({"certificate-authority": "server.crt"}, True),
    ({"certificate-authority": "server.crt", "tls-server-name": "api.test"}, True),
    ({"certificate-authority": "server.crt", "tls-server-name": "other.test"}, False),
], ids=["unknown authority", "nothing verified", "known authority", "its other name", "not its name"])
def test_the_cluster_decides_how_the_servers_certificate_is_verified(run, tmp_path, pem, cluster, trusted):
    fake = Fake(OK, pem=pem)
    shutil.copy(pem.with_suffix(".crt"), tmp_path)
    line = get_version(run(fake, write_kubeconfig(tmp_path / "config", fake.url, **cluster)))
    assert line.startswith("response 200" if trusted else "response 0")
    assert trusted or "certificate" in line
    assert fake.seen.qsize() == trusted
