/** Small real services for the gateway to talk to. */
package io.orrery.gateway.stub;
