/**
 * The image of a server.
 *
 * @module
 */

/** The user of the image, by number: the machine that runs it need not know its name. */
export const imageUser = 10_001;

/** Where the image keeps records, and where its log is. */
export const imageDirectories = { data: "/var/lib/herd", logs: "/var/log/herd" } as const;

/** A Dockerfile that takes `herd-server` from the directory that it is built in. */
export const dockerfile = `# One server of a herd, beside the executable herd-server for Linux:
#
#   docker build -t herd-server .
#   docker run --init -e SERVER=Clark -p 12104:12104 -v ./herd.json:/etc/herd/herd.json:ro herd-server
#
# In a container "bind" should be "0.0.0.0", so that the server is reached from outside.
# "herd-server init compose" runs a whole herd.
FROM debian:12-slim

RUN useradd --uid ${imageUser} --no-create-home --shell /usr/sbin/nologin herd \\
  && install -d -o herd -g herd -m 750 ${imageDirectories.data} ${imageDirectories.logs} \\
  && install -d -m 755 /etc/herd
COPY --chmod=755 herd-server /usr/local/bin/herd-server

USER ${imageUser}:${imageUser}
WORKDIR /etc/herd
VOLUME ["${imageDirectories.data}", "${imageDirectories.logs}"]
ENV SERVER=Clark

HEALTHCHECK --interval=10s --timeout=5s --start-period=5s \\
  CMD herd-server ping -- "$SERVER"

CMD ["sh", "-c", "exec herd-server serve --log-dir ${imageDirectories.logs} --data-dir ${imageDirectories.data} -- \\"$SERVER\\""]
`;
