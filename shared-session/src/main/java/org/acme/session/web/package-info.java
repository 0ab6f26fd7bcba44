/** What the session needs to know of HTTP: its cookie, who asks, what may be answered. */
package org.acme.session.web;
