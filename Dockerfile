# One image a service: docker build --build-arg SERVICE=gateway -t orrery/gateway .
# The kernels are compiled by the build's C compiler and chosen at start by the CPU's flags. Those for GPUs need nvcc, and come
# with --build-arg KERNELS=nvidia/cuda:13.0.1-devel-ubuntu24.04, which docker-compose.yml gives where there is a GPU.
ARG KERNELS=eclipse-temurin:25-jdk
FROM ${KERNELS} AS kernels
COPY engine-cuda/src /src
RUN ORRERY_CUDA_TARGETS=all sh /src/main/cuda/build.sh /kernels

FROM eclipse-temurin:25-jdk AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
COPY --from=kernels /kernels/native/ engine-cuda/target/classes/native/
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
