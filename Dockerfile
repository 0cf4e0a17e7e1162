# One image a service: docker build --build-arg SERVICE=gateway -t orrery/gateway .
# The kernels are compiled by the build's C compiler and chosen at start by the CPU's flags.
FROM eclipse-temurin:25-jdk AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 ./mvnw -q -B -DskipTests -Dspotless.check.skip=true package
ARG SERVICE
RUN java -Djarmode=tools -jar ${SERVICE}/target/${SERVICE}-*-exec.jar extract --destination /app \
 && mv /app/${SERVICE}-*-exec.jar /app/service.jar

FROM eclipse-temurin:25-jre
RUN groupadd --gid 10001 orrery && useradd --uid 10001 --gid 10001 --no-create-home orrery && install -d -o 10001 -g 10001 /data
COPY --from=build /app /app
USER 10001:10001
WORKDIR /app
VOLUME /data
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "-XX:MaxRAMPercentage=50", "-jar", "/app/service.jar"]
