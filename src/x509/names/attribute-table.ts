/** The attribute types with a syntax of their own. `attribute-type.ts` finds them by name and by OID. */

/**
 * `directory`: DirectoryString. `printable`, `numeric`, `ia5`: the string types of these names. `ascii`: IA5String, or
 * DirectoryString for other characters (PKCS9String). `digits`: NumericString of exactly `maximum` digits. `country` and
 * `country3`: the letters of ISO 3166-1. `gender`: one letter (RFC 3739 §3.3.1). `unknown`: the type is not in the table.
 */
export type AttributeSyntax =
  | 'directory'
  | 'printable'
  | 'numeric'
  | 'ia5'
  | 'ascii'
  | 'digits'
  | 'country'
  | 'country3'
  | 'gender'
  | 'unknown';

/** X.520 has no bound for some types; this one limits the size of a name. */
export const UNBOUNDED = 256;
const UB_NAME = 32768;
const COSINE = '0.9.2342.19200300.100.1';
const PKCS9 = '1.2.840.113549.1.9';
const MICROSOFT_EV = '1.3.6.1.4.1.311.60.2.1';
const PERSONAL_DATA = '1.3.6.1.5.5.7.9';

export type AttributeRow = readonly [
  oid: string,
  /** The short name that OpenSSL prints, or the long name if there is no short one. */
  name: string,
  syntax: AttributeSyntax,
  /** Longest value, in characters. */
  maximum: number,
  ...otherNames: readonly string[],
];

/**
 * RFC 5280 appendix A.1 and X.520 annex C (syntaxes and bounds), RFC 4519 §2.4 (dc: one label), RFC 1274 §9.3 and RFC 4524
 * §2 (COSINE), RFC 2985 §5.4 (PKCS #9), RFC 3739 §3.3.1 (personal data), CA/Browser Forum BR §7.1.4 (jurisdiction), and
 * OpenSSL for the Russian numbers. `role` is a structure in attribute certificates (RFC 5755 §4.4.5), but text in a name.
 */
export const ATTRIBUTE_ROWS: readonly AttributeRow[] = [
  ['2.5.4.3', 'CN', 'directory', 64, 'commonName'],
  ['2.5.4.4', 'SN', 'directory', UB_NAME, 'surname'],
  ['2.5.4.5', 'serialNumber', 'printable', 64],
  ['2.5.4.6', 'C', 'country', 2, 'countryName'],
  ['2.5.4.7', 'L', 'directory', 128, 'localityName'],
  ['2.5.4.8', 'ST', 'directory', 128, 'stateOrProvinceName', 'S'],
  ['2.5.4.9', 'street', 'directory', 128, 'streetAddress'],
  ['2.5.4.10', 'O', 'directory', 64, 'organizationName'],
  ['2.5.4.11', 'OU', 'directory', 64, 'organizationalUnitName'],
  ['2.5.4.12', 'title', 'directory', 64, 'T'],
  ['2.5.4.13', 'description', 'directory', 1024],
  ['2.5.4.15', 'businessCategory', 'directory', 128],
  ['2.5.4.17', 'postalCode', 'directory', 40],
  ['2.5.4.18', 'postOfficeBox', 'directory', 40],
  ['2.5.4.19', 'physicalDeliveryOfficeName', 'directory', 128],
  ['2.5.4.20', 'telephoneNumber', 'printable', 32],
  ['2.5.4.24', 'x121Address', 'numeric', 15],
  ['2.5.4.25', 'internationaliSDNNumber', 'numeric', 16],
  ['2.5.4.27', 'destinationIndicator', 'printable', 128],
  ['2.5.4.41', 'name', 'directory', UB_NAME],
  ['2.5.4.42', 'GN', 'directory', UB_NAME, 'givenName'],
  ['2.5.4.43', 'initials', 'directory', UB_NAME],
  ['2.5.4.44', 'generationQualifier', 'directory', UB_NAME, 'generation'],
  ['2.5.4.46', 'dnQualifier', 'printable', UNBOUNDED, 'DNQ'],
  ['2.5.4.51', 'houseIdentifier', 'directory', UB_NAME],
  ['2.5.4.54', 'dmdName', 'directory', 64],
  ['2.5.4.65', 'pseudonym', 'directory', 128],
  ['2.5.4.72', 'role', 'directory', UNBOUNDED],
  ['2.5.4.97', 'organizationIdentifier', 'directory', UNBOUNDED],
  ['2.5.4.98', 'c3', 'country3', 3, 'countryCode3c'],
  ['2.5.4.99', 'n3', 'digits', 3, 'countryCode3n'],
  ['2.5.4.100', 'dnsName', 'directory', UNBOUNDED],
  [`${COSINE}.1`, 'UID', 'directory', 256, 'userId'],
  [`${COSINE}.2`, 'textEncodedORAddress', 'directory', 256],
  [`${COSINE}.3`, 'mail', 'ia5', 256, 'rfc822Mailbox'],
  [`${COSINE}.4`, 'info', 'directory', 2048],
  [`${COSINE}.5`, 'favouriteDrink', 'directory', 256, 'drink'],
  [`${COSINE}.6`, 'roomNumber', 'directory', 256],
  [`${COSINE}.8`, 'userClass', 'directory', 256],
  [`${COSINE}.9`, 'host', 'directory', 256],
  [`${COSINE}.11`, 'documentIdentifier', 'directory', 256],
  [`${COSINE}.12`, 'documentTitle', 'directory', 256],
  [`${COSINE}.13`, 'documentVersion', 'directory', 256],
  [`${COSINE}.15`, 'documentLocation', 'directory', 256],
  [`${COSINE}.20`, 'homeTelephoneNumber', 'printable', 32, 'homePhone'],
  [`${COSINE}.25`, 'DC', 'ia5', 63, 'domainComponent'],
  [`${COSINE}.26`, 'aRecord', 'ia5', 256],
  [`${COSINE}.27`, 'pilotAttributeType27', 'ia5', 256],
  [`${COSINE}.28`, 'mXRecord', 'ia5', 256],
  [`${COSINE}.29`, 'nSRecord', 'ia5', 256],
  [`${COSINE}.30`, 'sOARecord', 'ia5', 256],
  [`${COSINE}.31`, 'cNAMERecord', 'ia5', 256],
  [`${COSINE}.37`, 'associatedDomain', 'ia5', 256],
  [`${COSINE}.40`, 'personalTitle', 'directory', 256],
  [`${COSINE}.41`, 'mobileTelephoneNumber', 'printable', 32, 'mobile'],
  [`${COSINE}.42`, 'pagerTelephoneNumber', 'printable', 32, 'pager'],
  [`${COSINE}.43`, 'friendlyCountryName', 'directory', 256, 'co'],
  [`${COSINE}.44`, 'uniqueIdentifier', 'directory', 256],
  [`${COSINE}.45`, 'organizationalStatus', 'directory', 256],
  [`${COSINE}.46`, 'janetMailbox', 'ia5', 256],
  [`${COSINE}.48`, 'buildingName', 'directory', 256],
  [`${COSINE}.56`, 'documentPublisher', 'directory', 256],
  [`${PKCS9}.1`, 'emailAddress', 'ia5', 255, 'E', 'email'],
  [`${PKCS9}.2`, 'unstructuredName', 'ascii', 255],
  [`${PKCS9}.8`, 'unstructuredAddress', 'directory', 255],
  [`${PERSONAL_DATA}.2`, 'id-pda-placeOfBirth', 'directory', 128, 'placeOfBirth'],
  [`${PERSONAL_DATA}.3`, 'id-pda-gender', 'gender', 1, 'gender'],
  [`${PERSONAL_DATA}.4`, 'id-pda-countryOfCitizenship', 'country', 2, 'countryOfCitizenship'],
  [`${PERSONAL_DATA}.5`, 'id-pda-countryOfResidence', 'country', 2, 'countryOfResidence'],
  [`${MICROSOFT_EV}.1`, 'jurisdictionL', 'directory', 128, 'jurisdictionLocalityName'],
  [`${MICROSOFT_EV}.2`, 'jurisdictionST', 'directory', 128, 'jurisdictionStateOrProvinceName'],
  [`${MICROSOFT_EV}.3`, 'jurisdictionC', 'country', 2, 'jurisdictionCountryName'],
  ['1.2.643.3.131.1.1', 'INN', 'digits', 12],
  ['1.2.643.100.1', 'OGRN', 'digits', 13],
  ['1.2.643.100.3', 'SNILS', 'digits', 11],
  ['1.2.643.100.5', 'OGRNIP', 'digits', 15],
];

/** Types whose values are no text, or a secret, and what they are. OpenSSL writes text for them too. */
export const NOT_TEXT: readonly (readonly [oid: string, name: string, values: string])[] = [
  ['2.5.4.14', 'searchGuide', 'search criteria'],
  ['2.5.4.16', 'postalAddress', 'lists of lines; use street, postalCode and L'],
  ['2.5.4.21', 'telexNumber', 'structures'],
  ['2.5.4.22', 'teletexTerminalIdentifier', 'structures'],
  ['2.5.4.23', 'facsimileTelephoneNumber', 'structures'],
  ['2.5.4.26', 'registeredAddress', 'lists of lines'],
  ['2.5.4.28', 'preferredDeliveryMethod', 'lists of numbers'],
  ['2.5.4.29', 'presentationAddress', 'structures'],
  ['2.5.4.30', 'supportedApplicationContext', 'object identifiers'],
  ['2.5.4.31', 'member', 'distinguished names'],
  ['2.5.4.32', 'owner', 'distinguished names'],
  ['2.5.4.33', 'roleOccupant', 'distinguished names'],
  ['2.5.4.34', 'seeAlso', 'distinguished names'],
  ['2.5.4.35', 'userPassword', 'passwords, which a certificate would publish'],
  ['2.5.4.36', 'userCertificate', 'certificates'],
  ['2.5.4.37', 'cACertificate', 'certificates'],
  ['2.5.4.38', 'authorityRevocationList', 'revocation lists'],
  ['2.5.4.39', 'certificateRevocationList', 'revocation lists'],
  ['2.5.4.40', 'crossCertificatePair', 'certificates'],
  ['2.5.4.45', 'x500UniqueIdentifier', 'bit strings'],
  ['2.5.4.47', 'enhancedSearchGuide', 'search criteria'],
  ['2.5.4.48', 'protocolInformation', 'structures'],
  ['2.5.4.49', 'distinguishedName', 'distinguished names'],
  ['2.5.4.50', 'uniqueMember', 'structures'],
  ['2.5.4.52', 'supportedAlgorithms', 'structures'],
  ['2.5.4.53', 'deltaRevocationList', 'revocation lists'],
  [`${COSINE}.7`, 'photo', 'pictures'],
  [`${COSINE}.10`, 'manager', 'distinguished names'],
  [`${COSINE}.14`, 'documentAuthor', 'distinguished names'],
  [`${COSINE}.21`, 'secretary', 'distinguished names'],
  [`${COSINE}.22`, 'otherMailbox', 'structures'],
  [`${COSINE}.23`, 'lastModifiedTime', 'times'],
  [`${COSINE}.24`, 'lastModifiedBy', 'distinguished names'],
  [`${COSINE}.38`, 'associatedName', 'distinguished names'],
  [`${COSINE}.39`, 'homePostalAddress', 'lists of lines'],
  [`${COSINE}.47`, 'mailPreferenceOption', 'numbers'],
  [`${COSINE}.49`, 'dSAQuality', 'structures'],
  [`${COSINE}.50`, 'singleLevelQuality', 'structures'],
  [`${COSINE}.51`, 'subtreeMinimumQuality', 'structures'],
  [`${COSINE}.52`, 'subtreeMaximumQuality', 'structures'],
  [`${COSINE}.53`, 'personalSignature', 'pictures'],
  [`${COSINE}.54`, 'dITRedirect', 'distinguished names'],
  [`${COSINE}.55`, 'audio', 'sounds'],
  [`${PKCS9}.3`, 'contentType', 'object identifiers'],
  [`${PKCS9}.4`, 'messageDigest', 'hashes'],
  [`${PKCS9}.5`, 'signingTime', 'times'],
  [`${PKCS9}.7`, 'challengePassword', 'passwords, which a certificate would publish'],
  [`${PERSONAL_DATA}.1`, 'id-pda-dateOfBirth', 'times'],
];
