package io.orrery.cli.platform;

import io.orrery.api.hub.WhoAmI;
import io.orrery.cli.terminal.Terminal;
import io.orrery.hub.HubException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Keeps a platform's address and a key to it, after asking the platform whose key it is. */
@Command(
        name = "login",
        mixinStandardHelpOptions = true,
        description = "Keeps a platform's address and a key to it for the other commands.",
        footer = {"", "Example: orrery login --url http://lab:8080 --token hf_..."})
public final class LoginCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private PlatformOptions options;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.of(spec);
        String key = options.key()
                .or(() -> terminal.secret("Key for " + options.address() + ": "))
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new PlatformException(
                        "no key was given for " + options.address() + "; name one with --token or ORRERY_KEY", null));
        WhoAmI who = check(key);
        new Login(options.address(), key).write(options.loginFile());
        terminal.line(
                "logged in to " + options.address() + " as " + who.name() + " (kept in " + options.loginFile() + ")");
        return 0;
    }

    private WhoAmI check(String key) {
        try (Platform platform = new Platform(options.address(), key)) {
            return platform.hub().whoAmI();
        } catch (HubException e) {
            throw e.status() == 401
                    ? new PlatformException(401, options.address() + " does not know this key; nothing was kept")
                    : e;
        }
    }
}
