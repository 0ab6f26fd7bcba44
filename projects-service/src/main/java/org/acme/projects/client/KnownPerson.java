package org.acme.projects.client;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.acme.projects.service.Person;

/** Somebody, as the users service tells it. */
@JsonIgnoreProperties(ignoreUnknown = true)
record KnownPerson(String issuer, String subject, String name) {

    Person person() {
        return new Person(issuer, subject);
    }
}
