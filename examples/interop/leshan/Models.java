import java.util.ArrayList;
import java.util.List;
import org.eclipse.leshan.core.model.ObjectLoader;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.model.ResourceModel;
import org.eclipse.leshan.core.model.ResourceModel.Operations;
import org.eclipse.leshan.core.model.ResourceModel.Type;

/** The object definitions both Leshan programs know: those of the library and two IPSO objects. */
final class Models {
    static List<ObjectModel> all() {
        List<ObjectModel> models = new ArrayList<>(ObjectLoader.loadAllDefault());
        models.add(object(3303, "Temperature",
                resource(5700, "Sensor Value", Operations.R, true, Type.FLOAT),
                resource(5701, "Sensor Units", Operations.R, false, Type.STRING),
                resource(5601, "Min Measured Value", Operations.R, false, Type.FLOAT),
                resource(5602, "Max Measured Value", Operations.R, false, Type.FLOAT),
                resource(5605, "Reset Min and Max Measured Values", Operations.E, false, Type.NONE)));
        models.add(object(3311, "Light Control",
                resource(5850, "On/Off", Operations.RW, true, Type.BOOLEAN),
                resource(5851, "Dimmer", Operations.RW, false, Type.INTEGER),
                resource(5750, "Application Type", Operations.RW, false, Type.STRING)));
        return models;
    }

    private static ObjectModel object(int id, String name, ResourceModel... resources) {
        return new ObjectModel(id, name, name, "1.0", true, false, resources);
    }

    private static ResourceModel resource(int id, String name, Operations may, boolean mandatory, Type type) {
        return new ResourceModel(id, name, may, false, mandatory, type, "", "", "");
    }
}
