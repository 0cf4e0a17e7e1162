package io.orrery.cli.platform;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which platform, and with which key. The first that is there counts: the options, the environment, what {@code login} kept, and
 * for a platform on this machine the key that {@code up} made. A key is only ever sent to the address it was kept for.
 */
public final class PlatformOptions {
    static final URI DEFAULT_URL = URI.create("http://127.0.0.1:8080");
    private static final String URL_VARIABLE = "ORRERY_URL";
    private static final String KEY_VARIABLE = "ORRERY_KEY";
    /** Where huggingface_hub looks for its hub and token. */
    private static final String HUB_VARIABLE = "HF_ENDPOINT";

    private static final String HUB_TOKEN_VARIABLE = "HF_TOKEN";
    private static final URI HUGGING_FACE = URI.create("https://huggingface.co");

    private final Surroundings surroundings;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "The platform, or for repositories any Hub such as https://huggingface.co (default: ORRERY_URL,"
                            + " the login, or http://127.0.0.1:8080).")
    private @Nullable URI url;

    @Option(
            names = "--token",
            paramLabel = "KEY",
            description =
                    "Key to it (default: ORRERY_KEY, the login, the admin key in ~/.orrery, or HF_TOKEN for the Hub"
                            + " that it is for).")
    private @Nullable String token;

    public PlatformOptions(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Where it is asked. */
    public URI address() {
        return Optional.ofNullable(url)
                .or(() -> surroundings.variable(URL_VARIABLE).map(text -> uri(URL_VARIABLE, text)))
                .or(() -> login().map(Login::url))
                .map(PlatformOptions::checked)
                .orElse(DEFAULT_URL);
    }

    /** The key for the address, where one is known. */
    Optional<String> key() {
        URI address = address();
        return Optional.ofNullable(token)
                .or(() -> surroundings.variable(KEY_VARIABLE).filter(_ -> isForVariablesKey(address)))
                .or(() -> login().filter(login -> login.url().equals(address)).map(Login::key))
                .or(() -> isThisMachine(address) ? adminKey() : Optional.empty())
                .or(() -> isForHubToken(address) ? surroundings.variable(HUB_TOKEN_VARIABLE) : Optional.empty());
    }

    private boolean isForVariablesKey(URI address) {
        return surroundings
                .variable(URL_VARIABLE)
                .map(text -> checked(uri(URL_VARIABLE, text)).equals(address))
                .orElse(true);
    }

    private boolean isForHubToken(URI address) {
        URI hub = surroundings
                .variable(HUB_VARIABLE)
                .map(text -> checked(uri(HUB_VARIABLE, text)))
                .orElse(HUGGING_FACE);
        return address.equals(hub);
    }

    /** A client of the platform; its caller closes it. */
    public Platform connect() {
        return new Platform(
                address(),
                key().orElseThrow(() -> new PlatformException(
                        401,
                        "no key is known for " + address() + "; log in with: orrery login --url " + address()
                                + " --token KEY")));
    }

    /** A client of a hub, which may show what is public to somebody without a key too; its caller closes it. */
    public Platform connectToHub() {
        return new Platform(address(), key().orElse(""));
    }

    /** Whether there is a key for the address. */
    public boolean hasKey() {
        return key().isPresent();
    }

    /** Where downloads are kept. */
    public Path cache() {
        return surroundings.cache().resolve("hub");
    }

    /** Where {@code huggingface_hub} keeps its downloads. */
    public Path hubCache() {
        return surroundings.hubCache();
    }

    Path loginFile() {
        return surroundings.loginFile();
    }

    private Optional<Login> login() {
        return Login.read(surroundings.loginFile());
    }

    private Optional<String> adminKey() {
        Path file = surroundings.adminKeyFile();
        try {
            return Files.isReadable(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new PlatformException("the admin key in " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isThisMachine(URI address) {
        String host = String.valueOf(address.getHost());
        return host.equals("127.0.0.1") || host.equals("localhost") || host.equals("[::1]");
    }

    private static URI uri(String variable, String text) {
        try {
            return URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            throw new PlatformException(variable + " is '" + text + "', which is no URL such as " + DEFAULT_URL, e);
        }
    }

    /** An address without a slash at its end, which is how it is compared and resolved. */
    private static URI checked(URI address) {
        String scheme = String.valueOf(address.getScheme());
        if (address.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new PlatformException(
                    "'" + address + "' is no address of a platform; it looks like " + DEFAULT_URL, null);
        }
        String text = address.toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : address;
    }
}
