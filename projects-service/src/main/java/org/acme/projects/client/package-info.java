/** What the projects ask the users service: names in the caller's name, and who somebody is on their own behalf. */
package org.acme.projects.client;
