import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

/** Prints, for each folder, what Bouncy Castle says of ca.der, good.der, revoked.der, crl.der and ocsp.der in it. */
public class Judge {
  private final Path folder;
  private final CertificateFactory factory;

  private Judge(Path folder) throws Exception {
    this.folder = folder;
    this.factory = CertificateFactory.getInstance("X.509", "BC");
  }

  public static void main(String[] folders) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    for (String folder : folders) {
      Judge judge = new Judge(Path.of(folder));
      System.out.println(Path.of(folder).getFileName() + " crl: " + judge.verdict(judge::crl));
      System.out.println(Path.of(folder).getFileName() + " path: " + judge.verdict(judge::paths));
      System.out.println(Path.of(folder).getFileName() + " ocsp: " + judge.verdict(judge::ocsp));
    }
  }

  private interface Check {
    String run() throws Exception;
  }

  private String verdict(Check check) {
    try {
      return check.run();
    } catch (Exception error) {
      return error.getClass().getSimpleName();
    }
  }

  private byte[] read(String name) throws Exception {
    return Files.readAllBytes(folder.resolve(name));
  }

  private X509Certificate certificate(String name) throws Exception {
    return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(read(name)));
  }

  private X509CRL list() throws Exception {
    return (X509CRL) factory.generateCRL(new ByteArrayInputStream(read("crl.der")));
  }

  private String crl() throws Exception {
    X509CRL crl = list();
    crl.verify(certificate("ca.der").getPublicKey(), "BC");
    BigInteger revoked = certificate("revoked.der").getSerialNumber();
    return "verified, good " + crl.isRevoked(certificate("good.der")) + ", revoked "
        + crl.isRevoked(certificate("revoked.der")) + " " + crl.getRevokedCertificate(revoked).getRevocationReason();
  }

  private String paths() throws Exception {
    return "good " + path("good.der") + ", revoked " + path("revoked.der");
  }

  /** RFC 5280 section 6, with the CRL. */
  private String path(String name) throws Exception {
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(certificate("ca.der"), null)));
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(list())), "BC"));
    try {
      CertPathValidator.getInstance("PKIX", "BC")
          .validate(factory.generateCertPath(List.of(certificate(name))), parameters);
      return "valid";
    } catch (CertPathValidatorException error) {
      return error.getMessage().contains("revoc") ? "refused" : error.getMessage();
    }
  }

  private String ocsp() throws Exception {
    BasicOCSPResp response = (BasicOCSPResp) new OCSPResp(read("ocsp.der")).getResponseObject();
    X509CertificateHolder ca = new X509CertificateHolder(read("ca.der"));
    X509CertificateHolder[] certificates = response.getCerts();
    X509CertificateHolder signer = certificates.length == 0 ? ca : certificates[0];
    if (signer != ca && !isDelegate(signer, ca)) return "the signer is no delegate";
    if (!response.isSignatureValid(verifier(signer))) return "the signature is invalid";
    StringJoiner statuses = new StringJoiner(" ");
    for (SingleResp single : response.getResponses()) statuses.add(status(single, ca));
    return (signer == ca ? "authority" : "delegate") + ", " + statuses;
  }

  private static boolean isDelegate(X509CertificateHolder signer, X509CertificateHolder ca) throws Exception {
    return signer.isSignatureValid(verifier(ca))
        && ExtendedKeyUsage.fromExtensions(signer.getExtensions()).hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning);
  }

  private static ContentVerifierProvider verifier(X509CertificateHolder signer) throws Exception {
    return new JcaContentVerifierProviderBuilder().setProvider("BC").build(signer);
  }

  private static String status(SingleResp single, X509CertificateHolder ca) throws Exception {
    if (!single.getCertID().matchesIssuer(ca, new BcDigestCalculatorProvider())) return "another issuer";
    if (single.getCertStatus() == null) return "good";
    if (!(single.getCertStatus() instanceof RevokedStatus)) return "unknown";
    return "revoked:" + ((RevokedStatus) single.getCertStatus()).getRevocationReason();
  }
}
