import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Scanner;
import org.eclipse.californium.elements.util.SslContextUtil;
import org.eclipse.leshan.core.SecurityMode;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.peer.LwM2mPeer;
import org.eclipse.leshan.core.peer.OscoreIdentity;
import org.eclipse.leshan.core.request.BindingMode;
import org.eclipse.leshan.core.request.BootstrapDownlinkRequest;
import org.eclipse.leshan.core.request.BootstrapRequest;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.server.bootstrap.BootstrapConfig;
import org.eclipse.leshan.server.bootstrap.BootstrapFailureCause;
import org.eclipse.leshan.server.bootstrap.BootstrapSession;
import org.eclipse.leshan.server.bootstrap.BootstrapSessionAdapter;
import org.eclipse.leshan.server.bootstrap.InMemoryBootstrapConfigStore;
import org.eclipse.leshan.server.bootstrap.LeshanBootstrapServer;
import org.eclipse.leshan.server.bootstrap.LeshanBootstrapServerBuilder;
import org.eclipse.leshan.server.californium.bootstrap.endpoint.CaliforniumBootstrapServerEndpointsProvider;
import org.eclipse.leshan.server.californium.bootstrap.endpoint.coap.CoapBootstrapServerProtocolProvider;
import org.eclipse.leshan.server.californium.bootstrap.endpoint.coaps.CoapsBootstrapServerProtocolProvider;
import org.eclipse.leshan.server.security.BootstrapSecurityStore;
import org.eclipse.leshan.server.security.SecurityInfo;

/**
 * A Leshan bootstrap server for one device: {@code LISTEN ENDPOINT ACCOUNT}. It deletes all accounts and
 * writes one, of server 123 at the URI ACCOUNT. {@code -Down} says how the device proves itself, {@code -Dgiven} what it
 * is given: {@code none}, {@code psk,IDENTITY,KEY} or {@code x509,..} with files: of PEM (key, certificate, authority) for
 * the first, of DER (the device's certificate, its key, the server's certificate) for the second.
 */
public final class LeshanBootstrap {
    private static synchronized void say(String line) {
        System.out.println(line);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Who may come. */
    private static BootstrapSecurityStore only(SecurityInfo info) {
        return new BootstrapSecurityStore() {
            @Override
            public Iterator<SecurityInfo> getAllByEndpoint(String endpoint) {
                boolean known = info != null && info.getEndpoint().equals(endpoint);
                return known ? List.of(info).iterator() : Collections.<SecurityInfo>emptyIterator();
            }

            @Override
            public SecurityInfo getByIdentity(String identity) {
                return info != null && identity.equals(info.getPskIdentity()) ? info : null;
            }

            @Override
            public SecurityInfo getByOscoreIdentity(OscoreIdentity identity) {
                return null;
            }
        };
    }

    private static void secure(LeshanBootstrapServerBuilder builder, String endpoint, String[] own) throws Exception {
        SecurityInfo info = null;
        if (own[0].equals("psk")) {
            info = SecurityInfo.newPreSharedKeyInfo(endpoint, own[1], octets(own[2]));
        } else if (own[0].equals("x509")) {
            builder.setPrivateKey(SslContextUtil.loadPrivateKey(own[1], null, null, null));
            builder.setCertificateChain(SslContextUtil.loadCertificateChain(own[2], null, null));
            builder.setTrustedCertificates(SslContextUtil.loadTrustedCertificates(own[3]));
            info = SecurityInfo.newX509CertInfo(endpoint);
        }
        builder.setSecurityStore(only(info));
    }

    private static BootstrapConfig config(String uri, String[] given) throws Exception {
        BootstrapConfig.ServerSecurity security = new BootstrapConfig.ServerSecurity();
        security.uri = uri;
        security.serverId = 123;
        security.securityMode = SecurityMode.NO_SEC;
        if (given[0].equals("psk")) {
            security.securityMode = SecurityMode.PSK;
            security.publicKeyOrId = octets(given[1]);
            security.secretKey = octets(given[2]);
        } else if (given[0].equals("x509")) {
            security.securityMode = SecurityMode.X509;
            security.publicKeyOrId = Files.readAllBytes(Path.of(given[1]));
            security.secretKey = Files.readAllBytes(Path.of(given[2]));
            security.serverPublicKey = Files.readAllBytes(Path.of(given[3]));
        }
        BootstrapConfig.ServerConfig server = new BootstrapConfig.ServerConfig();
        server.shortId = 123;
        server.lifetime = 60;
        server.binding = EnumSet.of(BindingMode.U);

        BootstrapConfig config = new BootstrapConfig();
        config.toDelete = List.of("/0", "/1");
        // Discovers first, and takes free instances of Security.
        config.autoIdForSecurityObject = true;
        config.security.put(0, security);
        config.servers.put(0, server);
        return config;
    }

    public static void main(String[] args) throws Exception {
        String endpoint = args[1];
        String[] own = System.getProperty("own", "none").split(","), given = System.getProperty("given", "none").split(",");
        InMemoryBootstrapConfigStore plans = new InMemoryBootstrapConfigStore();
        plans.add(endpoint, config(args[2], given));
        LeshanBootstrapServerBuilder builder = new LeshanBootstrapServerBuilder().setConfigStore(plans)
                .setEndpointsProviders(new CaliforniumBootstrapServerEndpointsProvider.Builder(
                        new CoapBootstrapServerProtocolProvider(), new CoapsBootstrapServerProtocolProvider())
                        .addEndpoint(args[0]).build());
        secure(builder, endpoint, own);
        LeshanBootstrapServer server = builder.build();
        server.addListener(new Sessions());
        server.start();
        say("listening on " + server.getEndpoint(own[0].equals("none") ? Protocol.COAP : Protocol.COAPS).getURI());
        Scanner console = new Scanner(System.in);
        while (console.hasNextLine() && !console.nextLine().trim().equals("quit")) { }
        server.destroy();
        System.exit(0);
    }

    private static final class Sessions extends BootstrapSessionAdapter {
        @Override
        public void unAuthorized(BootstrapRequest request, LwM2mPeer who) {
            say("refused " + request.getEndpointName());
        }

        @Override
        public void authorized(BootstrapSession session) {
            say("started " + session.getEndpoint());
        }

        @Override
        public void onResponseSuccess(BootstrapSession session,
                BootstrapDownlinkRequest<? extends LwM2mResponse> request, LwM2mResponse response) {
            say("done " + request.getClass().getSimpleName() + " " + request.getPath());
        }

        @Override
        public void onResponseError(BootstrapSession session,
                BootstrapDownlinkRequest<? extends LwM2mResponse> request, LwM2mResponse response) {
            say("error " + request.getClass().getSimpleName() + " " + request.getPath() + " " + response.getCode() + " "
                    + response.getErrorMessage());
        }

        @Override
        public void onRequestFailure(BootstrapSession session,
                BootstrapDownlinkRequest<? extends LwM2mResponse> request, Throwable cause) {
            say("error " + request.getClass().getSimpleName() + " " + request.getPath() + " " + cause);
        }

        @Override
        public void end(BootstrapSession session) {
            say("finished " + session.getEndpoint());
        }

        @Override
        public void failed(BootstrapSession session, BootstrapFailureCause cause) {
            say("failed " + session.getEndpoint() + " " + cause);
        }
    }
}
