package org.acme.session.internal.http;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;

/** What bodies a service takes, each in one line. */
@Path("api/bodies")
@PermitAll
class BodiesResource {

    record Note(String text, int stars) {}

    @POST
    @Path("form")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<String> form(@RestForm String name) {
        return Uni.createFrom().item("form " + name);
    }

    @POST
    @Path("any-form")
    public Uni<String> anyForm(@RestForm String name) {
        return Uni.createFrom().item("any form " + name);
    }

    @POST
    @Path("blocking-form")
    @Blocking
    public String blockingForm(@FormParam("name") String name) {
        return "blocking " + name;
    }

    @POST
    @Path("map")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<String> map(MultivaluedMap<String, String> form) {
        return Uni.createFrom().item("map " + form.getFirst("name"));
    }

    @POST
    @Path("form-and-text")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<String> formAndText(@RestForm String name, String body) {
        return Uni.createFrom().item("both " + name + " " + body);
    }

    @POST
    @Path("multipart")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public Uni<String> multipart(@RestForm String name, @RestForm FileUpload file) {
        return Uni.createFrom().item("multipart " + name + " " + (file == null ? "none" : file.size()));
    }

    @POST
    @Path("json")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<String> json(Note note) {
        return Uni.createFrom().item("json " + (note == null ? "none" : note.text()));
    }

    @POST
    @Path("json-map")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<String> jsonMap(Map<String, Integer> numbers) {
        return Uni.createFrom().item("json " + numbers);
    }

    @POST
    @Path("blocking-json")
    @Blocking
    @Consumes(MediaType.APPLICATION_JSON)
    public String blockingJson(Note note) {
        return "json " + (note == null ? "none" : note.text());
    }

    @POST
    @Path("text")
    @Consumes(MediaType.TEXT_PLAIN)
    public Uni<String> text(String text) {
        return Uni.createFrom().item("text " + text.length());
    }

    @POST
    @Path("number")
    @Consumes(MediaType.TEXT_PLAIN)
    public Uni<String> number(int number) {
        return Uni.createFrom().item("number " + number);
    }

    @POST
    @Path("stream")
    @Blocking
    public String stream(InputStream in) throws IOException {
        return "stream " + in.readAllBytes().length;
    }

    @POST
    @Path("nothing")
    public Uni<String> nothing() {
        return Uni.createFrom().item("nothing");
    }

    /** Ours to mend, not the sender's. */
    @POST
    @Path("broken")
    public Uni<String> broken(@RestForm String name) {
        throw new IllegalArgumentException("a bug");
    }

    @Path("part")
    public Part part() {
        return new Part();
    }

    /** A sub-resource, which Quarkus finds with the request. */
    static class Part {

        @POST
        @Path("form")
        public Uni<String> form(@RestForm String name) {
            return Uni.createFrom().item("part " + name);
        }

        @GET
        @Path("events")
        @Produces(MediaType.SERVER_SENT_EVENTS)
        public Multi<String> events() {
            return StreamsResource.endless();
        }
    }
}

/** The same for people. */
@Path("forms")
@PermitAll
class FormsResource {

    @POST
    @Path("form")
    public Uni<String> form(@RestForm String name) {
        return Uni.createFrom().item("form " + name);
    }
}
