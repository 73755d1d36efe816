FROM node:26-slim
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY LICENSE ./
COPY scripts ./scripts
COPY src ./src
# The logbooks lie in a volume that belongs to the account the service runs as.
RUN mkdir data && chown node:node data
VOLUME /app/data
USER node
ENV HOST=0.0.0.0
EXPOSE 8080
STOPSIGNAL SIGTERM
CMD ["node", "src/main.ts"]
