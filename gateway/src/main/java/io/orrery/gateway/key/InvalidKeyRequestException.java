package io.orrery.gateway.key;

/** A key that cannot be made as asked; the message says which field is wrong. */
public class InvalidKeyRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidKeyRequestException(String message) {
        super(message);
    }
}
