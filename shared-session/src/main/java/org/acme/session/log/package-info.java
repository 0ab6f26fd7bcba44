/** Lines that others can provoke. */
package org.acme.session.log;
