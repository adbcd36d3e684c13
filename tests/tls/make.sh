#!/bin/sh
# Makes the tests' certificates anew. They are in the repository so that tests need no openssl, and are
# good from 2000 to 2126, whatever a machine's clock says. The keys are no secrets: nothing but these
# tests trusts these authorities, whose own keys are thrown away.
#
#   ca.pem, other_ca.pem   two authorities
#   server.pem, .key       127.0.0.1, ::1 and localhost, from ca.pem
#   renewed.pem, .key      the same names, from ca.pem, with another key
#   stranger.pem, .key     the same names, from other_ca.pem
#   elsewhere.pem, .key    elsewhere.example, from ca.pem
#   expired.pem, .key      the names of server.pem, from ca.pem, over since 2001
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: > "$work/index"
here='IP:127.0.0.1,IP:::1,DNS:localhost'

# sign NAME EXTENSIONS END OPTION...
sign() {
  name=$1 extensions=$2 end=$3
  shift 3
  printf '%b' "$extensions" > "$work/extensions"
  cat > "$work/config" << CONFIG
[ca]
default_ca = herd
[herd]
database = $work/index
new_certs_dir = $work
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
CONFIG
  openssl ca -batch -notext -config "$work/config" -extfile "$work/extensions" \
    -startdate 20000101000000Z -enddate "$end" -in "$work/$name.csr" -out "$name.pem" "$@"
}

# ask NAME KEY-FILE COMMON-NAME
ask() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -keyout "$2" -out "$work/$1.csr" -subj "/CN=$3"
}

# authority NAME COMMON-NAME
authority() {
  ask "$1" "$work/$1.key" "$2"
  sign "$1" 'basicConstraints=critical,CA:true\nsubjectKeyIdentifier=hash\n' 21260101000000Z \
    -selfsign -keyfile "$work/$1.key"
}

# certificate NAME AUTHORITY ALTERNATIVE-NAMES [END]
certificate() {
  ask "$1" "$1.key" "herd test $1"
  sign "$1" "basicConstraints=CA:false\nsubjectAltName=$3\n" "${4:-21260101000000Z}" \
    -cert "$2.pem" -keyfile "$work/$2.key"
}

authority ca 'herd test authority'
authority other_ca 'another test authority'
certificate server ca "$here"
certificate renewed ca "$here"
certificate stranger other_ca "$here"
certificate elsewhere ca DNS:elsewhere.example
certificate expired ca "$here" 20010101000000Z
