import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;

import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.auth.RawPublicKeyIdentity;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.SslContextUtil;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.pskstore.SinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticCertificateVerifier;

/**
 * One end of DTLS, of Californium's Scandium: {@code client|server PORT SUITE CID psk IDENTITY KEY}, or
 * {@code … rpk OWN_KEY OWN_PUBLIC PEER_PUBLIC}, or {@code … x509 CHAIN KEY CA}. A server sends back what it receives; a
 * client sends every line that is typed. CID is the length of the connection IDs it issues, or -1 for none.
 */
public final class ScandiumPeer {

    public static void main(String[] arguments) throws Exception {
        DtlsConfig.register();
        boolean client = arguments[0].equals("client");
        InetSocketAddress server = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), Integer.parseInt(arguments[1]));
        DtlsConnectorConfig.Builder builder = new DtlsConnectorConfig.Builder(new Configuration())
            .set(DtlsConfig.DTLS_ROLE, client ? DtlsConfig.DtlsRole.CLIENT_ONLY : DtlsConfig.DtlsRole.SERVER_ONLY)
            .set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false)
            .setAsList(DtlsConfig.DTLS_CIPHER_SUITES, CipherSuite.getTypeByName(arguments[2]))
            .setAddress(client ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 0) : server);
        int cid = Integer.parseInt(arguments[3]);
        if (cid >= 0) {
            builder.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, cid);
        }
        credentials(builder, arguments);
        DTLSConnector connector = new DTLSConnector(builder.build());
        connector.setRawDataReceiver(raw -> {
            System.out.println("received " + new String(raw.getBytes(), StandardCharsets.UTF_8).trim());
            if (!client) {
                connector.send(RawData.outbound(raw.getBytes(), raw.getEndpointContext(), null, false));
            }
        });
        connector.start();
        System.out.println("listening");
        BufferedReader typed = new BufferedReader(new InputStreamReader(System.in));
        for (String line = typed.readLine(); line != null; line = typed.readLine()) {
            byte[] data = line.getBytes(StandardCharsets.UTF_8);
            connector.send(RawData.outbound(data, new AddressEndpointContext(server), null, false));
        }
        connector.stop();
    }

    private static void credentials(DtlsConnectorConfig.Builder builder, String[] arguments) throws Exception {
        switch (arguments[4]) {
            case "psk":
                builder.setPskStore(new SinglePskStore(arguments[5], arguments[6].getBytes(StandardCharsets.UTF_8)));
                break;
            case "rpk":
                PrivateKey own = SslContextUtil.loadPrivateKey(arguments[5], null, null, null);
                PublicKey mine = SslContextUtil.loadPublicKey(arguments[6], null, null);
                PublicKey theirs = SslContextUtil.loadPublicKey(arguments[7], null, null);
                builder.setCertificateIdentityProvider(new SingleCertificateProvider(own, mine));
                builder.setCertificateVerifier(StaticCertificateVerifier.builder()
                    .setTrustedRPKs(new RawPublicKeyIdentity(theirs)).build());
                break;
            default:
                X509Certificate[] chain = SslContextUtil.loadCertificateChain(arguments[5], null, null);
                PrivateKey key = SslContextUtil.loadPrivateKey(arguments[6], null, null, null);
                builder.setCertificateIdentityProvider(new SingleCertificateProvider(key, chain, CertificateType.X_509));
                builder.setCertificateVerifier(StaticCertificateVerifier.builder()
                    .setTrustedCertificates(SslContextUtil.loadTrustedCertificates(arguments[7])).build());
        }
    }
}
