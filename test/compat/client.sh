#!/bin/sh
# A shell client of the old service, as its documentation taught to write one. Run in an empty folder with API_URL set.
set -eu

answers() { jq -e "$1" > /dev/null || { echo "unexpected answer, wanted $1" >&2; exit 1; }; }
status() { curl -sS -o error.json -w '%{http_code}' "$@"; }

curl -fsS "$API_URL/health" |
  answers '.status == "healthy" and .service == "ML-DSA Certificate API" and (.version | type) == "string"'
curl -fsS "$API_URL/api/v1/info" |
  answers '.rfc == "RFC 9881" and .service == "ML-DSA Certificate API" and (.version | type) == "string" and
    (.supported_algorithms.ml_dsa | index("ml-dsa-65")) != null and .supported_algorithms.hybrid == ["rsa", "ecdsa"] and
    (.endpoints | has("generate") and has("generate_csr") and has("generate_keys") and has("hybrid"))'

# Keys: with a body, without one, and with the header alone
curl -fsS -X POST "$API_URL/api/v1/keys/generate" -H "Content-Type: application/json" \
  -d '{"security_level": "ml-dsa-87"}' > keys.json
jq -r .private_key keys.json | base64 -d > keys.key
jq -r .public_key keys.json | base64 -d > keys.pub
answers '.security_level == "ml-dsa-87"' < keys.json
curl -fsS -X POST "$API_URL/api/v1/keys/generate" | answers '.security_level == "ml-dsa-65"'
curl -fsS -X POST "$API_URL/api/v1/keys/generate" -H "Content-Type: application/json" |
  answers '.security_level == "ml-dsa-65"'

# A certificate in one line, and one with everything that could be asked for
curl -fsS -X POST "$API_URL/api/v1/certificate/generate" -H "Content-Type: application/json" \
  -d '{"subject": "/CN=example.com", "days": 365}' | jq -r .certificate | base64 -d > plain.crt
curl -fsS -X POST "$API_URL/api/v1/certificate/generate" -H "Content-Type: application/json" -d '{
    "subject": "/CN=example.com/O=Example Org/C=US",
    "security_level": "ml-dsa-44",
    "days": 730,
    "san": ["DNS:www.example.com", "DNS:example.com"],
    "is_ca": false
  }' > certificate.json
jq -r .certificate certificate.json | base64 -d > certificate.crt
jq -r .private_key certificate.json | base64 -d > certificate.key
jq -r .public_key certificate.json | base64 -d > certificate.pub
answers '.subject == "/CN=example.com/O=Example Org/C=US" and .security_level == "ml-dsa-44" and .validity_days == 730' \
  < certificate.json
curl -fsS -X POST "$API_URL/api/v1/certificate/generate" -H "Content-Type: application/json" \
  -d '{"subject": "/CN=Example Root CA", "is_ca": true}' | jq -r .certificate | base64 -d > ca.crt

# A request
curl -fsS -X POST "$API_URL/api/v1/csr/generate" -H "Content-Type: application/json" \
  -d '{"subject": "/CN=example.com", "san": ["DNS:www.example.com", "DNS:example.com"]}' > request.json
jq -r .csr request.json | base64 -d > request.csr
jq -r .private_key request.json | base64 -d > request.key
jq -r .public_key request.json | base64 -d > request.pub
answers '.subject == "/CN=example.com"' < request.json

# Pairs of certificates
for algorithm in rsa ecdsa; do
  curl -fsS -X POST "$API_URL/api/v1/certificate/hybrid" -H "Content-Type: application/json" \
    -d "{\"subject\": \"/CN=example.com\", \"classical_algorithm\": \"$algorithm\", \"days\": 90}" > "$algorithm.json"
  jq -r .ml_dsa_certificate "$algorithm.json" | base64 -d > "$algorithm-ml-dsa.crt"
  jq -r .ml_dsa_private_key "$algorithm.json" | base64 -d > "$algorithm-ml-dsa.key"
  jq -r .ml_dsa_public_key "$algorithm.json" | base64 -d > "$algorithm-ml-dsa.pub"
  jq -r .classical_certificate "$algorithm.json" | base64 -d > "$algorithm-classical.crt"
  jq -r .classical_private_key "$algorithm.json" | base64 -d > "$algorithm-classical.key"
  jq -r .classical_public_key "$algorithm.json" | base64 -d > "$algorithm-classical.pub"
  answers ".classical_algorithm == \"$algorithm\" and .security_level == \"ml-dsa-65\" and .validity_days == 90" \
    < "$algorithm.json"
done

# Mistakes
test "$(status -X POST "$API_URL/api/v1/certificate/generate" -H "Content-Type: application/json" -d '{"days": 365}')" = 400
answers '.error | type == "string" and test("subject")' < error.json
test "$(status "$API_URL/api/v1/nothing-here")" = 404
answers '.error == "Endpoint not found"' < error.json
