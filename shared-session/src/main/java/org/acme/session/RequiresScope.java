package org.acme.session;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What an access token must allow (RFC 6749, section 3.3) to call this, otherwise 403 {@code insufficient_scope}. A scope
 * limits what a program may do for somebody; a session is the person, on our own pages, and needs none. Whether the person
 * may is for {@code @RolesAllowed} to say, for both.
 */
@InterceptorBinding
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RequiresScope {

    /** One scope, such as {@code projects:read}. */
    @Nonbinding
    String value();
}
