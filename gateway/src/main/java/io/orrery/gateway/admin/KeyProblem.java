package io.orrery.gateway.admin;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A request about keys that cannot be done; answered as a problem document. */
class KeyProblem extends ErrorResponseException {
    private static final long serialVersionUID = 1L;

    private KeyProblem(HttpStatus status, String code, String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setProperty("code", code);
        super(status, problem, null);
    }

    static KeyProblem invalid(String detail) {
        return new KeyProblem(HttpStatus.BAD_REQUEST, "invalid_request", detail);
    }

    static KeyProblem notFound(String detail) {
        return new KeyProblem(HttpStatus.NOT_FOUND, "key_not_found", detail);
    }

    static KeyProblem conflict(String detail) {
        return new KeyProblem(HttpStatus.CONFLICT, "key_in_use", detail);
    }
}
