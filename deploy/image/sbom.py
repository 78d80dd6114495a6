# SPDX-License-Identifier: Apache-2.0
"""The software bill of materials of an image: SPDX 2.3, https://spdx.github.io/spdx-spec/v2.3/."""
import hashlib
import json
import re

ARPLET = "SPDXRef-Package-arplet"


def spdx_id(kind, name):
    return f"SPDXRef-{kind}-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def verification_code(contents):
    """The package verification code of the contents of some files (SPDX 2.3, 7.9)."""
    sums = sorted(hashlib.sha1(data).hexdigest() for data in contents)
    return hashlib.sha1("".join(sums).encode()).hexdigest()


def package(ident, name, version, purl, contents, licence="NOASSERTION"):
    return {
        "SPDXID": ident, "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION",
        "filesAnalyzed": True, "licenseConcluded": "NOASSERTION", "licenseDeclared": licence,
        "licenseInfoFromFiles": ["NOASSERTION"], "copyrightText": "NOASSERTION",
        "packageVerificationCode": {"packageVerificationCodeValue": verification_code(contents)},
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                          "referenceLocator": purl}],
    }


def relation(one, kind, other):
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}


def document(name, version, created, files, owners):
    """
    The document as JSON.  `files`: a dict from paths to contents; `owners`: a dict from some of
    the paths to their Debian packages.  All other files belong to arplet.
    """
    packages = sorted(set(owners.values()), key=lambda p: p.name)
    ids = {p: spdx_id("Package", p.name) for p in packages}
    file_ids = {path: spdx_id("File", path) for path in files}

    def files_of(package_or_none):
        return [data for path, data in files.items() if owners.get(path) == package_or_none]

    content = hashlib.sha256()
    for path in sorted(files):
        content.update(path.encode() + b"\0" + hashlib.sha256(files[path]).digest())
    return json.dumps({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"https://spdx.org/spdxdocs/{name}-{content.hexdigest()}",
        "creationInfo": {"created": created, "creators": ["Tool: arplet-deploy-image-build"]},
        "packages": [package(ARPLET, "arplet", version, f"pkg:generic/arplet@{version}",
                             files_of(None), "Apache-2.0")]
        + [package(ids[p], p.name, p.version, p.purl, files_of(p)) for p in packages],
        "files": [{
            "SPDXID": file_ids[path], "fileName": f"./{path}",
            "checksums": [{"algorithm": "SHA1", "checksumValue": hashlib.sha1(data).hexdigest()},
                          {"algorithm": "SHA256",
                           "checksumValue": hashlib.sha256(data).hexdigest()}],
            "licenseConcluded": "NOASSERTION", "licenseInfoInFiles": ["NOASSERTION"],
            "copyrightText": "NOASSERTION",
        } for path, data in sorted(files.items())],
        "relationships": [relation("SPDXRef-DOCUMENT", "DESCRIBES", ARPLET)]
        + [relation(ARPLET, "DEPENDS_ON", ids[p]) for p in packages]
        + [relation(ids[owners[path]] if path in owners else ARPLET, "CONTAINS", file_ids[path])
           for path in sorted(files)],
    }, indent=1).encode() + b"\n"
