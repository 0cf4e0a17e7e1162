package io.orrery.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * One log file for the four services. Logging belongs to the process: were each service to set it up, as Spring Boot does, every
 * line would be written four times. While it is open the terminal belongs to the command.
 */
final class ServiceLog implements AutoCloseable {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{40} %msg%n%ex";
    private static final FileSize LARGEST = FileSize.valueOf("50MB");
    private static final FileSize LARGEST_IN_ALL = FileSize.valueOf("500MB");
    private static final int DAYS = 14;

    private final Logger root;
    private final List<Appender<ILoggingEvent>> others;
    private final RollingFileAppender<ILoggingEvent> file;

    private ServiceLog(Logger root, List<Appender<ILoggingEvent>> others, RollingFileAppender<ILoggingEvent> file) {
        this.root = root;
        this.others = others;
        this.file = file;
    }

    static ServiceLog open(Path path) {
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        List<Appender<ILoggingEvent>> others = new ArrayList<>();
        for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext(); ) {
            others.add(all.next());
        }
        others.forEach(root::detachAppender);
        RollingFileAppender<ILoggingEvent> file = appender(context, path);
        root.addAppender(file);
        root.setLevel(Level.INFO);
        context.getLogger("org.apache.kafka").setLevel(Level.WARN);
        // Tomcat speaks java.util.logging
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        return new ServiceLog(root, others, file);
    }

    private static RollingFileAppender<ILoggingEvent> appender(LoggerContext context, Path path) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setContext(context);
        file.setFile(path.toString());
        file.setEncoder(encoder);
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setContext(context);
        policy.setParent(file);
        policy.setFileNamePattern(path + ".%d{yyyy-MM-dd}.%i.gz");
        policy.setMaxFileSize(LARGEST);
        policy.setTotalSizeCap(LARGEST_IN_ALL);
        policy.setMaxHistory(DAYS);
        policy.start();
        file.setRollingPolicy(policy);
        file.start();
        return file;
    }

    /** Gives logging back to whom it belonged. */
    @Override
    public void close() {
        root.detachAppender(file);
        file.stop();
        others.forEach(root::addAppender);
    }
}
