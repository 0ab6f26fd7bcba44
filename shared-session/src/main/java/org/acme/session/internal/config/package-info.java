/** The settings, {@code sso.*}: read, checked, and turned into the parts of the contract. */
package org.acme.session.internal.config;
