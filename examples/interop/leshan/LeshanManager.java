import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.link.Link;
import org.eclipse.leshan.core.link.lwm2m.attributes.DefaultLwM2mAttributeParser;
import org.eclipse.leshan.core.link.lwm2m.attributes.LwM2mAttributeSet;
import org.eclipse.leshan.core.model.ResourceModel;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mObject;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mResourceInstance;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.node.TimestampedLwM2mNodes;
import org.eclipse.leshan.core.observation.CompositeObservation;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.observation.SingleObservation;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.CreateRequest;
import org.eclipse.leshan.core.request.DeleteRequest;
import org.eclipse.leshan.core.request.DiscoverRequest;
import org.eclipse.leshan.core.request.DownlinkDeviceManagementRequest;
import org.eclipse.leshan.core.request.ExecuteRequest;
import org.eclipse.leshan.core.request.ObserveCompositeRequest;
import org.eclipse.leshan.core.request.ObserveRequest;
import org.eclipse.leshan.core.request.ReadCompositeRequest;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.request.SendRequest;
import org.eclipse.leshan.core.request.WriteAttributesRequest;
import org.eclipse.leshan.core.request.WriteCompositeRequest;
import org.eclipse.leshan.core.request.WriteRequest;
import org.eclipse.leshan.core.response.DiscoverResponse;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.response.ObserveCompositeResponse;
import org.eclipse.leshan.core.response.ObserveResponse;
import org.eclipse.leshan.core.response.ReadCompositeResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.model.StaticModelProvider;
import org.eclipse.leshan.server.observation.ObservationListener;
import org.eclipse.leshan.server.queue.PresenceListener;
import org.eclipse.leshan.server.queue.StaticClientAwakeTimeProvider;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.eclipse.leshan.server.send.SendListener;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.servers.security.InMemorySecurityStore;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.eclipse.leshan.transport.californium.server.endpoint.coap.CoapServerProtocolProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerProtocolProvider;
import org.eclipse.californium.elements.util.SslContextUtil;
import org.eclipse.californium.scandium.config.DtlsConfig;

/** A Leshan server with the console of our own server program, so that the same cases can drive both. */
public final class LeshanManager {
    private static final long TIMEOUT_MS = 6000;
    private static final StaticModel MODEL = new StaticModel(Models.all());

    private static synchronized void say(String line) {
        System.out.println(line);
    }

    /**
     * After the URI: {@code psk ENDPOINT IDENTITY KEY}, {@code rpk ENDPOINT PRIVATE PUBLIC DEVICE} or
     * {@code x509 ENDPOINT PRIVATE CERTIFICATE AUTHORITY}, files of PEM whose names end in .pem.
     */
    private static void secure(LeshanServerBuilder builder, String[] args) throws Exception {
        InMemorySecurityStore store = new InMemorySecurityStore();
        switch (args[1]) {
            case "psk":
                byte[] key = args[4].getBytes(java.nio.charset.StandardCharsets.UTF_8);
                store.add(SecurityInfo.newPreSharedKeyInfo(args[2], args[3], key));
                break;
            case "rpk":
                builder.setPrivateKey(SslContextUtil.loadPrivateKey(args[3], null, null, null));
                builder.setPublicKey(SslContextUtil.loadPublicKey(args[4], null, null));
                store.add(SecurityInfo.newRawPublicKeyInfo(args[2], SslContextUtil.loadPublicKey(args[5], null, null)));
                break;
            default:
                builder.setPrivateKey(SslContextUtil.loadPrivateKey(args[3], null, null, null));
                builder.setCertificateChain(SslContextUtil.loadCertificateChain(args[4], null, null));
                builder.setTrustedCertificates(SslContextUtil.loadTrustedCertificates(args[5]));
                store.add(SecurityInfo.newX509CertInfo(args[2]));
        }
        builder.setSecurityStore(store);
    }

    public static void main(String[] args) throws Exception {
        boolean secure = args.length > 1;
        CaliforniumServerEndpointsProvider.Builder endpoints = new CaliforniumServerEndpointsProvider.Builder(
                new CoapServerProtocolProvider(), new CoapsServerProtocolProvider());
        if (secure) endpoints.setConfiguration(c -> c.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 6));
        endpoints.addEndpoint(args[0]);
        LeshanServerBuilder builder = new LeshanServerBuilder().setEndpointsProviders(endpoints.build())
                .setObjectModelProvider(new StaticModelProvider(Models.all()));
        if (secure) secure(builder, args);
        // How long clients in queue mode are taken to listen after a message.
        Integer awake = Integer.getInteger("awake");
        if (awake != null) builder.setClientAwakeTimeProvider(new StaticClientAwakeTimeProvider(awake));
        LeshanServer server = builder.build();
        server.getPresenceService().addListener(new Presences());
        server.getRegistrationService().addListener(new Registrations());
        server.getObservationService().addListener(new Observations());
        server.getSendService().addListener(new Sends());
        server.start();
        say("listening on " + server.getEndpoint(secure ? Protocol.COAPS : Protocol.COAP).getURI());

        Scanner console = new Scanner(System.in);
        while (console.hasNextLine()) {
            String line = console.nextLine().trim();
            if (line.equals("quit")) break;
            try {
                run(server, line.split(" ", 4));
            } catch (Exception refused) {
                say("error: " + refused);
            }
        }
        server.destroy();
        System.exit(0);
    }

    private static void run(LeshanServer server, String[] words) throws Exception {
        Registration device = server.getRegistrationService().getByEndpoint(words[1]);
        if (device == null) throw new IllegalArgumentException("no such client");
        if (words[0].equals("show")) {
            say(device.getEndpoint() + " lifetime " + device.getLifeTimeInSec() + " version "
                    + device.getLwM2mVersion() + " binding " + device.getBindingMode());
            for (Link link : device.getSortedObjectLinks()) say("link " + link.toCoreLinkFormat());
            return;
        }
        String path = words[2], rest = words.length > 3 ? words[3] : "";
        if (words[0].endsWith("-composite")) {
            several(server, device, words[0], (path + " " + rest).trim().split(" "));
            return;
        }
        LwM2mPath at = new LwM2mPath(path);
        switch (words[0]) {
            case "read" -> send(server, device, new ReadRequest(path), path);
            case "tlv" -> send(server, device, new ReadRequest(ContentFormat.TLV, path), path);
            case "discover" -> send(server, device, new DiscoverRequest(path), path);
            case "observe" -> send(server, device, new ObserveRequest(path), path);
            case "delete" -> send(server, device, new DeleteRequest(path), path);
            case "execute" -> send(server, device, new ExecuteRequest(path, rest), path);
            case "write" -> send(server, device, new WriteRequest(WriteRequest.Mode.REPLACE, null, path,
                    resource(at, at.getResourceId(), rest)), path);
            case "update" -> send(server, device, new WriteRequest(WriteRequest.Mode.UPDATE, at.getObjectId(),
                    at.getObjectInstanceId(), resources(at, rest)), path);
            case "create" -> send(server, device, new CreateRequest(at.getObjectId(), resources(at, rest)), path);
            case "attributes" -> send(server, device, new WriteAttributesRequest(path,
                    new LwM2mAttributeSet(new DefaultLwM2mAttributeParser().parseUriQuery(rest))), path);
            // Passive: the next notification is answered with a Reset.
            case "cancel" -> say("ok cancelled " + server.getObservationService().cancelObservations(device, path));
            default -> throw new IllegalArgumentException("unknown command " + words[0]);
        }
    }

    private static void several(LeshanServer server, Registration device, String command, String[] words)
            throws InterruptedException {
        ContentFormat json = ContentFormat.SENML_JSON;
        switch (command) {
            case "read-composite" -> send(server, device, new ReadCompositeRequest(json, json, words), "/");
            case "observe-composite" -> send(server, device, new ObserveCompositeRequest(json, json, words), "/");
            case "write-composite" -> {
                Map<LwM2mPath, LwM2mNode> nodes = new HashMap<>();
                for (String word : words) {
                    String[] parts = word.split("=", 2);
                    LwM2mPath at = new LwM2mPath(parts[0]);
                    nodes.put(at, resource(at, at.getResourceId(), parts[1]));
                }
                send(server, device, new WriteCompositeRequest(json, nodes, null), "/");
            }
            default -> throw new IllegalArgumentException("unknown command " + command);
        }
    }

    private static void print(String prefix, Map<LwM2mPath, LwM2mNode> nodes) {
        nodes.forEach((at, node) -> { if (node != null) print(prefix, at, node); });
    }

    private static <T extends LwM2mResponse> void send(LeshanServer server, Registration device,
            DownlinkDeviceManagementRequest<T> request, String path) throws InterruptedException {
        T response = server.send(device, request, TIMEOUT_MS);
        if (response == null) {
            say("error: no answer");
        } else if (response.isFailure()) {
            int code = response.getCode().getCode();
            say(String.format("error: %d.%02d %s %s", code / 100, code % 100, response.getCode().getName(),
                    response.getErrorMessage()));
        } else if (response instanceof ReadCompositeResponse read) {
            print("", read.getContent());
            say("ok");
        } else if (response instanceof ReadResponse read) {
            print("", new LwM2mPath(path), read.getContent());
        } else if (response instanceof DiscoverResponse found) {
            for (Link link : found.getObjectLinks()) say("link " + link.toCoreLinkFormat());
        } else {
            say("ok " + response);
        }
    }

    private static LwM2mResource[] resources(LwM2mPath at, String assignments) {
        List<LwM2mResource> resources = new ArrayList<>();
        for (String assignment : assignments.split(" ")) {
            String[] parts = assignment.split("=", 2);
            resources.add(resource(at, Integer.parseInt(parts[0]), parts[1]));
        }
        return resources.toArray(new LwM2mResource[0]);
    }

    private static LwM2mResource resource(LwM2mPath at, int id, String text) {
        ResourceModel model = MODEL.getResourceModel(at.getObjectId(), id);
        Object value = switch (model.type) {
            case INTEGER -> Long.valueOf(text);
            case FLOAT -> Double.valueOf(text);
            case BOOLEAN -> text.equals("true");
            default -> text;
        };
        return LwM2mSingleResource.newResource(id, value, model.type);
    }

    private static void print(String prefix, LwM2mPath at, LwM2mNode node) {
        if (node instanceof LwM2mObject object) {
            object.getInstances().forEach((id, child) -> print(prefix, at.append(id), child));
        } else if (node instanceof LwM2mObjectInstance instance) {
            instance.getResources().forEach((id, child) -> print(prefix, at.append(id), child));
        } else if (node instanceof LwM2mResource resource && resource.isMultiInstances()) {
            resource.getInstances().forEach((id, child) -> print(prefix, at.append(id), child));
        } else if (node instanceof LwM2mResource resource) {
            say(prefix + at + " = " + resource.getValue());
        } else if (node instanceof LwM2mResourceInstance instance) {
            say(prefix + at + " = " + instance.getValue());
        }
    }

    private static final class Registrations implements RegistrationListener {
        @Override
        public void registered(Registration now, Registration before, Collection<Observation> lost) {
            say("registered " + now.getEndpoint());
        }

        @Override
        public void updated(RegistrationUpdate update, Registration now, Registration before) {
            say("updated " + now.getEndpoint() + " lifetime " + now.getLifeTimeInSec());
        }

        @Override
        public void unregistered(Registration last, Collection<Observation> lost, boolean expired, Registration next) {
            if (next == null) say((expired ? "expired " : "deregistered ") + last.getEndpoint());
        }
    }

    private static final class Presences implements PresenceListener {
        @Override
        public void onAwake(Registration device) {
            say("awake " + device.getEndpoint());
        }

        @Override
        public void onSleeping(Registration device) {
            say("asleep " + device.getEndpoint());
        }
    }

    private static final class Sends implements SendListener {
        @Override
        public void dataReceived(Registration device, TimestampedLwM2mNodes data, SendRequest request) {
            print("sent " + device.getEndpoint() + " ", data.getFlattenNodes());
        }

        @Override
        public void onError(Registration device, String message, Exception error) {
            say("error: send: " + message);
        }
    }

    private static final class Observations implements ObservationListener {
        @Override
        public void newObservation(Observation observation, Registration device) { }

        @Override
        public void cancelled(Observation observation) { }

        @Override
        public void onResponse(SingleObservation observation, Registration device, ObserveResponse response) {
            print("notification " + device.getEndpoint() + " ", observation.getPath(), response.getContent());
        }

        @Override
        public void onResponse(CompositeObservation observation, Registration device,
                ObserveCompositeResponse response) {
            print("notification " + device.getEndpoint() + " ", response.getContent());
        }

        @Override
        public void onError(Observation observation, Registration device, Exception error) {
            say("error: observation: " + error);
        }
    }
}
