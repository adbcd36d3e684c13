/**
 * The systemd unit of a server.
 *
 * @module
 */

/**
 * `herd-server@.service`. Memory may be writable and executable (no `MemoryDenyWriteExecute`),
 * because V8 compiles what it runs; what else a server does not need is denied.
 */
export const systemdUnit =
  `# One server of a herd: "systemctl enable --now herd-server@Clark" starts Clark.
#
#   sudo install -m 755 herd-server /usr/local/bin/
#   herd-server init systemd | sudo tee /etc/systemd/system/herd-server@.service
#   sudo install -d /etc/herd-server
#   openssl rand -hex 32 | sudo install -m 600 /dev/stdin /etc/herd-server/secret
#   sudo install -m 644 herd.json /etc/herd-server/
#   sudo systemctl daemon-reload
#   sudo systemctl enable --now herd-server@Clark
#
# The secret is the same on every machine of the herd. Records are in /var/lib/herd-server/Clark,
# the log is /var/log/herd-server/Clark/Clark.log, and what stopped a server is in the journal.

[Unit]
Description=%i, a server of a herd
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
ExecStart=/usr/local/bin/herd-server serve --log-dir %L/herd-server/%i --data-dir %S/herd-server/%i -- %i
ExecReload=/bin/kill -HUP $MAINPID
WorkingDirectory=/etc/herd-server
Restart=on-failure
RestartSec=1
# Arguments or configuration are wrong: no use in starting again.
RestartPreventExitStatus=2
TimeoutStopSec=10
LimitNOFILE=65536

LoadCredential=herd-secret:/etc/herd-server/secret
Environment=HERD_SECRET_FILE=%d/herd-secret
# Places from Google:
#LoadCredential=places-key:/etc/herd-server/places-key
#Environment=GOOGLE_PLACES_API_KEY_FILE=%d/places-key
# A certificate's key, in herd.json "/run/credentials/herd-server@NAME.service/tls-key":
#LoadCredential=tls-key:/etc/herd-server/%i.key

DynamicUser=yes
ConfigurationDirectory=herd-server
StateDirectory=herd-server/%i
StateDirectoryMode=0700
LogsDirectory=herd-server/%i
LogsDirectoryMode=0700
UMask=0077

# A port below 1024 needs CAP_NET_BIND_SERVICE in both, and PrivateUsers=no.
CapabilityBoundingSet=
AmbientCapabilities=
PrivateUsers=yes
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
LockPersonality=yes
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
