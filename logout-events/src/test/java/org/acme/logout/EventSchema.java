package org.acme.logout;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The schema of an event, as other stacks get it, asked by a validator that is not ours. */
final class EventSchema {

    private final JsonSchema schema;

    private EventSchema(JsonSchema schema) {
        this.schema = schema;
    }

    static EventSchema in(Path file) {
        try {
            return new EventSchema(
                    JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param event JSON; what is not makes the validator fail */
    Set<ValidationMessage> faultsOf(byte[] event) {
        return schema.validate(new String(event, StandardCharsets.UTF_8), InputFormat.JSON);
    }
}
