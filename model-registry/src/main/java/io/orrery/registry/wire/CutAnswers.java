package io.orrery.registry.wire;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * An answer that breaks off after it has begun ends there. Tomcat would include the error page in what was sent (StandardHostValve.custom),
 * under the address that was asked for: the same content would be opened again and its beginning fill up the missing end.
 */
@Configuration(proxyBeanMethods = false)
class CutAnswers {
    @Bean
    FilterRegistrationBean<Filter> nothingAfterACut() {
        FilterRegistrationBean<Filter> filter = new FilterRegistrationBean<>((request, response, chain) -> {
            if (!response.isCommitted()) {
                chain.doFilter(request, response);
            }
        });
        filter.setDispatcherTypes(DispatcherType.ERROR, DispatcherType.INCLUDE);
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return filter;
    }
}
