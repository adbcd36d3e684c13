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
#   docker run --init -e SERVER=Clark -p 127.0.0.1:12104:12104 \\
#     --mount "type=bind,src=$PWD/herd.json,dst=/etc/herd/herd.json,readonly" herd-server
#
# Clark and 12104 are the server's name and port in herd.json, which user ${imageUser} must be able to
# read (chmod o+r herd.json). A herd on several machines needs -e HERD_SECRET and -p 12104:12104, too.
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

CMD ["sh", "-c", "exec herd-server serve --bind 0.0.0.0 --log-dir ${imageDirectories.logs} --data-dir ${imageDirectories.data} -- \\"$SERVER\\""]
`;
