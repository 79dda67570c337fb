/** The configuration of a certificate with every extension that OpenSSL 3.5 prints. */
export const CONFIGURATION = `
[req]
distinguished_name = dn
[dn]
[ext]
basicConstraints = critical,CA:TRUE,pathlen:3
keyUsage = critical,digitalSignature,keyCertSign,cRLSign,nonRepudiation,encipherOnly
extendedKeyUsage = serverAuth,clientAuth,1.2.3.4
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always,issuer:always
subjectAltName = DNS:a.example,IP:192.0.2.1,IP:2001:db8::1,email:a@b.example,URI:https://a.example/,RID:1.2.3.4,dirName:dir,otherName:1.2.3;UTF8:hello
issuerAltName = DNS:issuer.example
certificatePolicies = 1.2.3.4,anyPolicy,@policy
policyConstraints = requireExplicitPolicy:3,inhibitPolicyMapping:1
inhibitAnyPolicy = 2
policyMappings = 1.2.3.4:1.2.3.5
nameConstraints = permitted;DNS:a.example,permitted;IP:192.0.2.0/255.255.255.0,excluded;email:b.example,excluded;dirName:dir
crlDistributionPoints = crl1,crl2
freshestCRL = URI:http://a.example/delta.crl
authorityInfoAccess = OCSP;URI:http://ocsp.example/,caIssuers;URI:http://ca.example/
subjectInfoAccess = caRepository;URI:http://repo.example/
tlsfeature = status_request
nsComment = hello world
nsCertType = client,server,sslCA
noCheck = ignored
1.2.3.4.5 = ASN1:UTF8String:unknown
nsBaseUrl = http://netscape.example/
nsSslServerName = netscape.example
sbgp-ipAddrBlock = critical,IPv4:192.0.2.0/25,IPv4:198.51.100.3-198.51.100.200,IPv6:2001:db8::/32,IPv4-SAFI:1:203.0.113.0/24
sbgp-autonomousSysNum = critical,AS:64496-64499,AS:64510,RDI:inherit
1.3.101.1.4.1 = ASN1:SEQUENCE:extranet
1.3.6.1.4.1.311.20.2 = ASN1:BMPString:DomainController
1.3.6.1.4.1.311.21.7 = ASN1:SEQUENCE:template
1.3.6.1.4.1.311.21.10 = ASN1:SEQUENCE:purposes
2.5.29.9 = ASN1:SEQUENCE:attributes
2.5.29.20 = ASN1:INTEGER:1000
2.5.29.21 = ASN1:ENUMERATED:1
2.5.29.24 = ASN1:GENTIME:20300102030405Z
2.5.29.27 = ASN1:INTEGER:7
2.5.29.41 = ASN1:SEQUENCE:authority
2.5.29.50 = ASN1:NULL
2.5.29.52 = ASN1:SEQUENCE:policies
2.5.29.65 = ASN1:NULL
1.3.36.8.3.3 = ASN1:SEQUENCE:admission
1.3.6.1.4.1.11129.2.4.3 = critical,ASN1:NULL
1.2.643.100.111 = ASN1:UTF8String:sign tool
1.2.643.100.112 = ASN1:SEQUENCE:tools
[extranet]
version = INTEGER:0
ids = SEQUENCE:extranet_ids
[extranet_ids]
id = SEQUENCE:extranet_id
[extranet_id]
zone = INTEGER:17
user = FORMAT:ASCII,OCTETSTRING:alice
[template]
id = OID:1.3.6.1.4.1.311.21.8.1.2.3
major = INTEGER:100
minor = INTEGER:7
[purposes]
one = SEQUENCE:purpose
[purpose]
id = OID:1.3.6.1.5.5.7.3.2
[attributes]
one = SEQUENCE:gender
[gender]
type = OID:1.3.6.1.5.5.7.9.3
values = SET:genders
[genders]
value = PRINTABLESTRING:F
[authority]
authority = BOOLEAN:TRUE
length = INTEGER:2
[policies]
one = OID:1.2.3.4
two = OID:1.2.3.5
[admission]
authority = EXPLICIT:4,SEQUENCE:authority_name
contents = SEQUENCE:contents
[authority_name]
rdn = SET:authority_rdn
[authority_rdn]
attribute = SEQUENCE:authority_attribute
[authority_attribute]
type = OID:2.5.4.3
value = UTF8String:Chamber
[contents]
one = SEQUENCE:admissions
[admissions]
professions = SEQUENCE:professions
[professions]
one = SEQUENCE:profession
[profession]
items = SEQUENCE:items
oids = SEQUENCE:oids
number = PRINTABLESTRING:A-17
[items]
item = UTF8String:Notary
[oids]
oid = OID:1.2.3.6
[tools]
one = UTF8String:tool one
two = UTF8String:tool two
three = UTF8String:tool three
four = UTF8String:tool four
[dir]
CN = dir name
[policy]
policyIdentifier = 1.3.5.8
CPS.1 = http://cps.example/
userNotice.1 = @notice
[notice]
explicitText = Explicit
organization = Org
noticeNumbers = 1,2,300
[crl1]
fullname = URI:http://a.example/a.crl
CRLissuer = dirName:dir
reasons = keyCompromise,CACompromise
[crl2]
relativename = dir
`;
