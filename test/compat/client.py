"""A Python client of the old service, as its documentation taught to write one. Run in an empty folder with API_URL set."""

import base64
import os

import requests

API_URL = os.environ["API_URL"]


def save(name, text):
    with open(name, "wb") as file:
        file.write(base64.b64decode(text))


def post(path, body=None):
    response = requests.post(f"{API_URL}{path}", json=body)
    response.raise_for_status()
    return response.json()


health = requests.get(f"{API_URL}/health").json()
assert health["status"] == "healthy" and health["service"] == "ML-DSA Certificate API" and health["version"], health

info = requests.get(f"{API_URL}/api/v1/info").json()
assert info["rfc"] == "RFC 9881" and info["service"] == "ML-DSA Certificate API" and info["version"], info
assert "ml-dsa-65" in info["supported_algorithms"]["ml_dsa"], info
assert info["supported_algorithms"]["hybrid"] == ["rsa", "ecdsa"], info
assert {"generate", "generate_csr", "generate_keys", "hybrid"} <= set(info["endpoints"]), info

keys = post("/api/v1/keys/generate", {"security_level": "ml-dsa-87"})
assert keys["security_level"] == "ml-dsa-87", keys["security_level"]
save("keys.key", keys["private_key"])
save("keys.pub", keys["public_key"])
assert post("/api/v1/keys/generate")["security_level"] == "ml-dsa-65"
assert post("/api/v1/keys/generate", {})["security_level"] == "ml-dsa-65"

save("plain.crt", post("/api/v1/certificate/generate", {"subject": "/CN=example.com", "days": 365})["certificate"])
data = post(
    "/api/v1/certificate/generate",
    {
        "subject": "/CN=example.com/O=Example Org/C=US",
        "security_level": "ml-dsa-44",
        "days": 730,
        "san": ["DNS:www.example.com", "DNS:example.com"],
        "is_ca": None,
    },
)
assert data["subject"] == "/CN=example.com/O=Example Org/C=US", data["subject"]
assert (data["security_level"], data["validity_days"]) == ("ml-dsa-44", 730)
save("certificate.crt", data["certificate"])
save("certificate.key", data["private_key"])
save("certificate.pub", data["public_key"])
save(
    "ca.crt",
    post("/api/v1/certificate/generate", {"subject": "/CN=Example Root CA", "san": None, "is_ca": True})["certificate"],
)

data = post("/api/v1/csr/generate", {"subject": "/CN=example.com", "san": ["DNS:www.example.com", "DNS:example.com"]})
assert data["subject"] == "/CN=example.com", data["subject"]
save("request.csr", data["csr"])
save("request.key", data["private_key"])
save("request.pub", data["public_key"])

for algorithm in ("rsa", "ecdsa"):
    body = {"subject": "/CN=example.com", "classical_algorithm": algorithm, "days": 90}
    data = post("/api/v1/certificate/hybrid", body)
    assert data["classical_algorithm"] == algorithm, data["classical_algorithm"]
    assert (data["security_level"], data["validity_days"]) == ("ml-dsa-65", 90)
    for member, prefix in (("ml_dsa", f"{algorithm}-ml-dsa"), ("classical", f"{algorithm}-classical")):
        save(f"{prefix}.crt", data[f"{member}_certificate"])
        save(f"{prefix}.key", data[f"{member}_private_key"])
        save(f"{prefix}.pub", data[f"{member}_public_key"])

mistake = requests.post(f"{API_URL}/api/v1/certificate/generate", json={"days": 365})
assert mistake.status_code == 400 and "subject" in mistake.json()["error"], mistake.text
nowhere = requests.get(f"{API_URL}/api/v1/nothing-here")
assert nowhere.status_code == 404 and nowhere.json()["error"] == "Endpoint not found", nowhere.text
