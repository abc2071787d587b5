import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.TreeMap;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.LeshanClientBuilder;
import org.eclipse.leshan.client.engine.DefaultRegistrationEngineFactory;
import org.eclipse.leshan.client.object.Security;
import org.eclipse.leshan.client.object.Server;
import org.eclipse.leshan.client.observer.LwM2mClientObserverAdapter;
import org.eclipse.leshan.client.resource.BaseInstanceEnabler;
import org.eclipse.leshan.client.resource.ObjectsInitializer;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.ResponseCode;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.model.ResourceModel;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.request.BootstrapRequest;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.core.request.UpdateRequest;
import org.eclipse.leshan.core.request.DeregisterRequest;
import org.eclipse.leshan.core.request.argument.Arguments;
import org.eclipse.leshan.core.response.ExecuteResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.core.response.WriteResponse;
import org.eclipse.leshan.transport.californium.client.endpoint.CaliforniumClientEndpointsProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coap.CoapClientProtocolProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coaps.CoapsClientProtocolProvider;

/**
 * A Leshan client with a line console: {@code set /3303/0/5700 NUMBER}, {@code update}, {@code quit}. With
 * {@code -Dbootstrap=true} its server is a bootstrap server, and it knows no other.
 */
public final class LeshanDevice {
    /** One object instance: a plain map of values that says what is done to it. */
    public static class Simple extends BaseInstanceEnabler {
        final Map<Integer, Object> values = new TreeMap<>();

        Simple with(int resource, Object value) {
            values.put(resource, value);
            return this;
        }

        private String path(int resource) {
            return "/" + getModel().id + "/" + getId() + "/" + resource;
        }

        @Override
        public ReadResponse read(LwM2mServer server, int resource) {
            Object value = values.get(resource);
            if (value == null) return ReadResponse.notFound();
            ResourceModel.Type type = getModel().resources.get(resource).type;
            if (value instanceof Map<?, ?> many) {
                Map<Integer, Object> instances = new TreeMap<>();
                many.forEach((id, one) -> instances.put((Integer) id, one));
                return ReadResponse.success(resource, instances, type);
            }
            return ReadResponse.success(LwM2mSingleResource.newResource(resource, value, type));
        }

        @Override
        public WriteResponse write(LwM2mServer server, boolean replace, int resource, LwM2mResource written) {
            if (written.isMultiInstances()) return WriteResponse.badRequest("single values only");
            values.put(resource, written.getValue());
            say("written " + path(resource) + " = " + written.getValue());
            fireResourceChange(resource);
            return WriteResponse.success();
        }

        @Override
        public ExecuteResponse execute(LwM2mServer server, int resource, Arguments arguments) {
            String given = arguments.serialize();
            say("executed " + path(resource) + " " + (given == null ? "" : given));
            return ExecuteResponse.success();
        }

        @Override
        public List<Integer> getAvailableResourceIds(ObjectModel model) {
            List<Integer> ids = new ArrayList<>(values.keySet());
            model.resources.values().stream().filter(r -> r.operations == ResourceModel.Operations.E)
                    .forEach(r -> ids.add(r.id));
            ids.sort(null);
            return ids;
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
    }

    /** The same for a bootstrap server. */
    private static Security bootstrap(String uri, String[] args) throws Exception {
        if (args.length < 4) return Security.noSecBootstrap(uri);
        if (args[3].equals("psk")) {
            return Security.pskBootstrap(uri, args[4].getBytes(StandardCharsets.UTF_8), args[5].getBytes(StandardCharsets.UTF_8));
        }
        byte[] own = Files.readAllBytes(Path.of(args[4]));
        byte[] key = Files.readAllBytes(Path.of(args[5]));
        byte[] server = Files.readAllBytes(Path.of(args[6]));
        return args[3].equals("rpk") ? Security.rpkBootstrap(uri, own, key, server) : Security.x509Bootstrap(uri, own, key, server);
    }

    /** After the lifetime: {@code psk IDENTITY KEY}, {@code rpk PUBLIC PRIVATE SERVER}, {@code x509 CERTIFICATE PRIVATE SERVER}; DER. */
    private static Security security(String uri, String[] args) throws Exception {
        if (args.length < 4) return Security.noSec(uri, 123);
        if (args[3].equals("psk")) {
            return Security.psk(uri, 123, args[4].getBytes(StandardCharsets.UTF_8), args[5].getBytes(StandardCharsets.UTF_8));
        }
        byte[] own = Files.readAllBytes(Path.of(args[4]));
        byte[] key = Files.readAllBytes(Path.of(args[5]));
        byte[] server = Files.readAllBytes(Path.of(args[6]));
        return args[3].equals("rpk") ? Security.rpk(uri, 123, own, key, server) : Security.x509(uri, 123, own, key, server);
    }

    public static void main(String[] args) throws Exception {
        String uri = args[0], endpoint = args[1];
        long lifetime = Long.parseLong(args[2]);

        ObjectsInitializer objects = new ObjectsInitializer(new StaticModel(Models.all()));
        if (Boolean.getBoolean("bootstrap")) {
            objects.setInstancesForObject(0, bootstrap(uri, args));
            objects.setClassForObject(1, Server.class);
        } else {
            objects.setInstancesForObject(0, security(uri, args));
            objects.setInstancesForObject(1, new Server(123, lifetime));
        }
        objects.setInstancesForObject(3, new Simple().with(0, "Leshan").with(1, "interop").with(2, "LI-1")
                .with(9, 87L).with(11, Map.of(0, 0L)).with(14, "+01").with(16, "U"));
        Simple cellar = new Simple().with(5700, 20.5).with(5701, "Cel");
        Simple attic = new Simple().with(5700, 31.25).with(5701, "Cel");
        objects.setInstancesForObject(3303, cellar, attic);
        objects.setClassForObject(3311, Simple.class);
        objects.setInstancesForObject(3311, new Simple().with(5850, false).with(5851, 0L));

        CaliforniumClientEndpointsProvider endpoints =
                new CaliforniumClientEndpointsProvider.Builder(new CoapClientProtocolProvider(), new CoapsClientProtocolProvider())
                        .setClientAddress(InetAddress.getLoopbackAddress()).build();
        DefaultRegistrationEngineFactory engine = new DefaultRegistrationEngineFactory();
        engine.setQueueMode(Boolean.getBoolean("queue"));
        LeshanClient client = new LeshanClientBuilder(endpoint).setObjects(objects.createAll())
                .setRegistrationEngineFactory(engine)
                .setEndpointsProviders(endpoints).build();
        client.addObserver(new LwM2mClientObserverAdapter() {
            @Override
            public void onBootstrapSuccess(LwM2mServer server, BootstrapRequest request) {
                say("bootstrapped");
            }

            @Override
            public void onBootstrapFailure(LwM2mServer server, BootstrapRequest request, ResponseCode code,
                    String message, Exception cause) {
                say("no bootstrap " + code + " " + message);
            }

            @Override
            public void onRegistrationSuccess(LwM2mServer server, RegisterRequest request, String id) {
                say("registered " + id);
            }

            @Override
            public void onRegistrationFailure(LwM2mServer server, RegisterRequest request, ResponseCode code,
                    String message, Exception cause) {
                say("registration refused " + code + " " + message);
            }

            @Override
            public void onUpdateSuccess(LwM2mServer server, UpdateRequest request) {
                say("updated");
            }

            @Override
            public void onUpdateFailure(LwM2mServer server, UpdateRequest request, ResponseCode code,
                    String message, Exception cause) {
                say("update refused " + code + " " + message);
            }

            @Override
            public void onDeregistrationSuccess(LwM2mServer server, DeregisterRequest request) {
                say("deregistered");
            }
        });
        client.start();

        Scanner console = new Scanner(System.in);
        while (console.hasNextLine()) {
            String[] words = console.nextLine().trim().split(" ");
            if (words[0].equals("set")) {
                int resource = new LwM2mPath(words[1]).getResourceId();
                cellar.values.put(resource, Double.parseDouble(words[2]));
                cellar.fireResourceChange(resource);
            } else if (words[0].equals("update")) {
                client.triggerRegistrationUpdate();
            } else if (words[0].equals("quit")) {
                break;
            }
        }
        client.destroy(true);
        System.exit(0);
    }
}
