package io.orrery.registry.xet;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** The settings of Xet. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(XetProperties.class)
class XetConfiguration {}
