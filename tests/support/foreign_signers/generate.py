#!/usr/bin/python3
"""Makes tests/data/foreign anew: messages signed by javax.xml.crypto and by the xmlsec1 program. See README.md.

usage: generate.py [OUT]        wants java (a JDK, 17 or later), openssl and xmlsec1"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(os.path.dirname(os.path.dirname(HERE)), "data", "foreign")
SELLER = "/C=VN/ST=Hà Nội/O=Công ty TNHH Bán Hàng Mẫu/CN=Công ty TNHH Bán Hàng Mẫu/UID=MST:0101234567"
AUTHORITY = "/C=VN/O=Cơ quan thuế mẫu/CN=CƠ QUAN THUẾ MẪU"
RSA = ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
KEYS = {"ca": RSA, "seller-rsa": RSA, "authority": RSA,
        "seller-1024": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"),
        "seller-p256": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
        "seller-p384": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384")}
CA = """
[ca]
default_ca = throwaway
[throwaway]
new_certs_dir = .
database = index.txt
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
C = optional
ST = optional
O = optional
CN = supplied
UID = optional
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
[signer]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature,nonRepudiation
[req]
distinguished_name = name
[name]
"""
# Cases of ForeignSigner.java: with base64 in lines that end in &#13;, and on one line.
IN_LINES = ("java-203-enveloped", "java-203-with-comments", "java-203-sha512", "java-206-data", "java-203-legacy")
ON_ONE_LINE = ("java-203-c14n-transform", "java-203-exclusive", "java-203-no-transforms", "java-203-ecdsa",
               "java-203-ecdsa-p384", "java-206-items", "java-300", "java-203-enveloped-on-object",
               "java-hdon-whole-document", "java-hdon-authority")
# Templates, the element that bears the signed Id, and the key.
TEMPLATES = {"203-pretty": ("DLHDon", "seller-rsa"), "203-with-comments": ("DLHDon", "seller-rsa"),
             "203-exclusive": ("DLHDon", "seller-rsa"), "203-ecdsa": ("DLHDon", "seller-p256"),
             "206-data": ("DLieu", "seller-rsa")}


def run(folder, *command):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stdout}{done.stderr}")


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def certify(keys, name, subject, extensions, *more):
    run(keys, "openssl", "req", "-new", "-utf8", "-config", "ca.cnf", "-key", f"{name}.key", "-subj", subject,
        "-out", f"{name}.csr")
    run(keys, "openssl", "ca", "-batch", "-utf8", "-notext", "-config", "ca.cnf", "-keyfile", "ca.key", "-in",
        f"{name}.csr", "-out", f"{name}.pem", "-startdate", "20200101000000Z", "-enddate", "21200101000000Z",
        "-extensions", extensions, "-preserveDN", *more)


def make_keys(keys):
    write(os.path.join(keys, "ca.cnf"), CA)
    write(os.path.join(keys, "index.txt"), "")
    for name, kind in KEYS.items():
        run(keys, "openssl", "genpkey", *kind, "-out", f"{name}.key")
        if name == "ca":
            certify(keys, "ca", "/C=VN/O=Nhà cung cấp mẫu/CN=Foreign signers CA", "root", "-selfsign")
            continue
        old = ("-md", "sha1") if name == "seller-1024" else ()
        certify(keys, name, AUTHORITY if name == "authority" else SELLER, "signer", "-cert", "ca.pem", *old)
        run(keys, "openssl", "pkcs12", "-export", "-inkey", f"{name}.key", "-in", f"{name}.pem", "-passout",
            "pass:throwaway", "-out", f"{name}.p12")


def sign_by_java(keys, out):
    java = ("java", "ForeignSigner.java", "messages", keys, out)
    run(HERE, *java, *IN_LINES)
    run(HERE, java[0], "-Dcom.sun.org.apache.xml.internal.security.ignoreLineBreaks=true", *java[1:], *ON_ONE_LINE)


def sign_by_xmlsec1(keys, out):
    for template, (bearer, key) in TEMPLATES.items():
        message = read(os.path.join(HERE, "messages", template[:3] + ".xml"))
        signature = read(os.path.join(HERE, "templates", template + ".xml"))
        if template == "203-exclusive":
            message = message.replace("<TDiep>", '<TDiep xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">')
        if template == "203-with-comments":
            message = message.replace("Hàng Mẫu</Ten>", "Hàng <!-- comments are not signed -->Mẫu</Ten>")
        place = "CKSNNT" if template[:3] == "206" else "NBan"
        write(os.path.join(keys, "template.xml"),
              message.replace(f"<{place}></{place}>", f"<{place}>{signature}</{place}>"))
        made = os.path.join(out, f"xmlsec1-{template}.xml")
        run(keys, "xmlsec1", "--sign", "--privkey-pem", f"{key}.key,{key}.pem", "--id-attr:Id", bearer, "--output", made,
            "template.xml")
        run(keys, "xmlsec1", "--verify", "--enabled-key-data", "x509", "--trusted-pem", "ca.pem", "--id-attr:Id", bearer,
            made)


def main():
    out = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else OUT
    os.makedirs(out, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tvan-foreign-") as keys:
        make_keys(keys)
        sign_by_java(keys, out)
        sign_by_xmlsec1(keys, out)
        write(os.path.join(out, "ca.pem"), read(os.path.join(keys, "ca.pem")))


if __name__ == "__main__":
    main()
