import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Collections;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Prints "true" or "false" for each key file that Java can read and sign with. Arguments: algorithm, kind, password, path. */
public class Reader {
  public static void main(String[] arguments) throws Exception {
    for (int i = 0; i + 3 < arguments.length; i += 4) {
      System.out.println(reads(arguments[i], arguments[i + 1], arguments[i + 2].toCharArray(), arguments[i + 3]));
    }
  }

  static boolean reads(String algorithm, String kind, char[] password, String path) {
    try {
      PrivateKey key = read(algorithm, kind, password, Files.readAllBytes(Path.of(path)));
      Signature signature = Signature.getInstance(switch (algorithm) {
        case "RSA" -> "SHA256withRSA";
        case "EC" -> "SHA256withECDSA";
        default -> algorithm;
      });
      signature.initSign(key);
      signature.update(new byte[] {1});
      return signature.sign().length > 0;
    } catch (Exception e) {
      return false;
    }
  }

  static PrivateKey read(String algorithm, String kind, char[] password, byte[] octets) throws Exception {
    KeyFactory factory = KeyFactory.getInstance(algorithm);
    switch (kind) {
      case "pkcs12": {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(octets), password);
        return (PrivateKey) store.getKey(Collections.list(store.aliases()).get(0), password);
      }
      case "encrypted-pkcs8": {
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(octets);
        AlgorithmParameters parameters = info.getAlgParameters();
        Cipher cipher = Cipher.getInstance(parameters.toString());
        cipher.init(
            Cipher.DECRYPT_MODE,
            SecretKeyFactory.getInstance(parameters.toString()).generateSecret(new PBEKeySpec(password)),
            parameters);
        return factory.generatePrivate(info.getKeySpec(cipher));
      }
      case "pkcs8":
        return factory.generatePrivate(new PKCS8EncodedKeySpec(octets));
      default:
        throw new IllegalArgumentException(kind);
    }
  }
}
