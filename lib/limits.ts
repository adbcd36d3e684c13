/**
 * Every limit of a server, in one place: its unit is in its name, its reason beside it, and a test
 * in `tests/limits_test.ts` bears its name.
 *
 * @module
 */

// What a line may be

/** Bytes of one line of a client, its end not counted. The longest sensible command is under 200. */
export const lineBytesMax = 64 * 1024;
/** Bytes of a client's ID. Host names have at most 253, UUIDs 36. */
export const idBytesMax = 1024;
/**
 * Bytes of a location, of a time, of a radius and of a bound, the digits with them. A time at
 * nanoseconds has 20, and no sensor knows the digits beyond the fifteenth of an angle.
 */
export const fieldBytesMax = 64;
/** Radius of a question in kilometres, as the assignment bounds it ("at most 50 km"). */
export const radiusKmMax = 50;
/** Places asked for in one question, as the assignment bounds it ("at most 20 items"). */
export const boundMax = 20;
/** Bytes of a server's name: it is on every AT line, and its log file is named after it. */
export const nameBytesMax = 64;
/**
 * Bytes of one line of a neighbour. The longest are the digests of catch-up, under 3 KiB; an `AT`
 * line with all fields at their limits has 1,490.
 */
export const linkLineBytesMax = 8 * 1024;
/** Bytes of a neighbour's line that is no record: the longest, a `DIGEST`, has 2.7 KiB. */
export const linkWordsBytesMax = 4 * 1024;

// Connections

/** Connections open at once on a server, clients and neighbours together. */
export const connectionsMax = 16_384;
/** A connection that has said no command yet is dropped after so long, in milliseconds. */
export const silentClientMs = 60_000;
/** One that has, after so long without another, in milliseconds: hourly reports keep theirs. */
export const idleClientMs = 2 * 3_600_000;
/** How far a client's clock may be ahead where herd.json does not say, in seconds: a day. */
export const clockAheadS = 86_400;
/** The most that herd.json may set `limits.silentS` and `limits.idleS` to, in seconds: a year. */
export const quietSecondsMax = 366 * 86_400;
/** Connections are looked at this often, in milliseconds, for those that are to be dropped. */
export const sweepMs = 1_000;
/** After the system gave no connection and none could be dropped for it, in milliseconds. */
export const acceptPauseMs = 100;
/** How often the log says that strangers were dropped or refused, in milliseconds, for each reason. */
export const edgeLogMs = 60_000;
/** TLS dials closed before both sides shook hands: Deno keeps one until the peer goes. */
export const lingeringMax = 256;
/** How long a new certificate waits for its listener to accept a connection, in ms. */
export const renewalMs = 5_000;
/** A client that has read nothing for this long while answers wait for it is dropped. */
export const slowClientMs = 30_000;
/** After a server's last word, how long it reads on so that the client gets it, in milliseconds. */
export const lingerMs = 1_000;
/** A graceful stop that has not finished its answers by now ends without them, in milliseconds. */
export const stopMs = 1_500;

// Buffers

/** The first input buffer of a connection, in bytes: a line or two; 512 with the word behind it. */
export const firstReadBytes = 504;
/** Bytes of memory that the first input buffers are cut from: those of 2,048 connections. */
export const slabBytes = 1024 * 1024;
/** The least input buffer that is not a first one, in bytes: the longest sensible command fits. */
export const readBytesMin = 2 * 1024;
/** What an input buffer grows to with the traffic, in bytes. More gains nothing measurable. */
export const readBytesMax = 256 * 1024;
/** Reads of less than an eighth of a grown input buffer, one after the other, until it shrinks. */
export const smallReadsMax = 64;
/** The first block for answers, in bytes: an answer or two. */
export const answerBlockBytesMin = 256;
/** A block for answers that has grown beyond this is not kept for the next ones, in bytes. */
export const answerBlockBytesKept = 512 * 1024;
/** The same, where all connections together have used up {@linkcode bufferBytesMax}. */
export const answerBytesMin = 16 * 1024;
/** Bytes of answers that wait for one client; then reading from it pauses until it reads. */
export const answerBytesMax = 256 * 1024;
/**
 * Bytes that the buffers of all clients' connections may grow to together, for long lines and for
 * answers that are not read: beyond it they stay small, and a line longer than 2 KiB is refused.
 */
export const bufferBytesMax = 64 * 1024 * 1024;
/** Commands of one connection whose answers are still due; then reading from it pauses. */
export const unansweredMax = 256;

// Turns

/** Lines of one read that a session takes at once; for the rest it waits for its turn. */
export const linesAtOnceMax = 128;
/** Lines that a session takes in one turn: about a millisecond. */
export const turnLinesMax = 1_000;
/** Turns are given for so many milliseconds; then what has come meanwhile is read. */
export const turnsMs = 4;
/** Long work is done in slices of this many milliseconds, so that no client waits for it. */
export const sliceMs = 2;
/** After reading or writing more than this at once, in bytes, others have their turn. */
export const busyBytes = 16 * 1024;

// Who may do what

/** Bytes of a herd's secret: fewer could be guessed by whoever heard a proof. */
export const secretBytesMin = 16;

// Memory and forgetting

/**
 * Bytes of memory that a client costs whose ID has at most 36 bytes: its cell, and its share of the
 * index, the digest and what waits for links and disk, in the moment in which they grow. 173 to 195
 * are measured with a million clients.
 */
export const recordBytes = 208;
/** Bytes a client is reckoned with where nobody says how many there may be: an ID of 60. */
export const clientBytes = 256;
/** Clients that a server takes where it may not know how much memory there is: they are 1 GiB. */
export const clientsMaxUnknown = 4 * 1024 * 1024;
/** The most that herd.json may set `limits.maxClients` to: numbers of records have 31 bits. */
export const clientsMaxMax = 1_000_000_000;
/** The shortest time between two rounds of forgetting old records, in milliseconds. */
export const forgetMsMin = 100;
/** The longest time between two rounds of forgetting old records, in milliseconds. */
export const forgetMsMax = 60_000;
/** How long a tombstone is kept, in seconds: who was away longer may bring the client back. */
export const tombstoneS = 30 * 24 * 3600;

// Links

/** A dial that takes longer than this has failed, in milliseconds. */
export const dialTimeoutMs = 2_000;
/** How long a link may take from the hello to the proof, in milliseconds. */
export const helloTimeoutMs = 2_000;
/** Each side of a link says something at least this often, in milliseconds. */
export const heartbeatMs = 1_000;
/** A link on which nothing was heard for this long is dead, in milliseconds. */
export const silenceMs = 3_500;
/** The first wait before a neighbour is dialled again, in milliseconds. */
export const backoffMsMin = 50;
/** The longest wait before a neighbour is dialled again, in milliseconds. */
export const backoffMsMax = 2_000;
/** Each link compares what both sides hold this often, in milliseconds, besides when it is made. */
export const catchUpMs = 30_000;
/** A neighbour is asked again after this long, in milliseconds: what came first has come by then. */
export const askAgainMs = 500;
/** Groups named in one line, so that the first are answered while others are still compared. */
export const differGroupsMax = 16;
/** The first input buffer of a link, in bytes; there are few links, and they are busy. */
export const linkReadBytesMin = 16 * 1024;
/** What the writes to a neighbour begin with, in bytes; they grow when more waits. */
export const linkWriteBytesMin = 32 * 1024;
/** Bytes of one write to a neighbour; the longest line fits. */
export const linkWriteBytesMax = 256 * 1024;
/** A link that has just written gathers so long, in ms: a thousand writes a second at most. */
export const linkGatherMs = 1;
/** Bytes of answers that may wait for a neighbour that asks on: all groups' names are 1.2 KB. */
export const linkSaidBytesMax = 64 * 1024;

// The store

/** A record of a durable server is on disk this long after its answer at the most, in milliseconds. */
export const saveMs = 50;
/**
 * Saving is done in slices of this many milliseconds: in each turn of the event loop it must save more
 * than clients and neighbours bring in one, or a busy server falls behind with it without bound.
 */
export const saveSliceMs = 8;
/** Bytes of one batch of records on disk. */
export const saveBatchBytes = 64 * 1024;
/** After the disk failed, or was locked, how long until it is tried again at first, in milliseconds. */
export const saveRetryMsMin = 20;
/** What that grows to, in milliseconds: a try is one write that fails, and clients may wait for it. */
export const saveRetryMsMax = 500;
/** How long an answer waits for a disk that fails, in milliseconds; then none is given. */
export const acknowledgeMsMax = 5_000;
/** Each kind of trouble with the disk is said once in so many milliseconds. */
export const diskTroubleMs = 60_000;
/** How long a server that starts waits for another program's lock on its file, in milliseconds. */
export const storeOpenMs = 5_000;
/** How often it looks whether the lock is gone, in milliseconds. */
export const storeOpenRetryMs = 50;
/** A store of at most so many lines is never written anew. */
export const storeLinesMin = 100_000;
/** A store of so many times as many lines as there are clients is written anew. */
export const storeSurplusMax = 3;
/** What the table no longer holds is gone from the disk after so long, in milliseconds. */
export const storeStaleMs = 3_600_000;
/** The same after a start: servers that start again and again erase, too. In milliseconds. */
export const storeStaleFirstMs = 60_000;
/** Records that are marked in one slice when a store is written anew: about one batch. */
export const storeRewriteRecords = 500;
/** Batches that are dropped in one slice; each is written over. */
export const storeDropBatches = 4;

// The log

/** Bytes of log that may wait in memory before they are written. A client's longest line fits. */
export const logBufferBytes = 4 * lineBytesMax + 4 * 1024;
/** How long a logged line may wait before it is written, in milliseconds. */
export const logFlushMs = 100;
/** A log file that was moved or removed is seen at the first write after so many seconds. */
export const logMovedSeenS = 3;
/** A log file is set aside at this size, in bytes. */
export const logFileBytesMax = 256 * 1024 * 1024;
/** How many log files set aside are kept beside the current one. */
export const logFilesKept = 4;
/** A kind of unexpected exception is logged at most this often, in milliseconds. */
export const faultMs = 60_000;
/** Characters of an unexpected exception that are logged: its message, and a stack of ten calls. */
export const faultCharactersMax = 4_096;

// Places

/** Calls to Google under way at once; further questions wait for their turn. */
export const placesCallsMax = 256;
/** Calls to Google in a minute where herd.json does not say: enough for a busy server. */
export const placesPerMinute = 600;
/** Calls to Google in 24 hours where herd.json does not say, since each is paid for. */
export const placesPerDay = 10_000;
/** Calls in the largest budget that herd.json may set: the time of each is kept, in eight bytes. */
export const placesBudgetMax = 1_000_000;
/** How often the log says that the budget is used up, in milliseconds, at the most. */
export const placesBudgetLogMs = 60_000;
/** Questions of one connection that are asked at once; its further ones wait. */
export const placesQuestionsPerConnectionMax = 4;
/** What one call to Google may take, in milliseconds, its body included. */
export const placesTimeoutMs = 5_000;
/** The longest wait before Google is asked again, in ms; the shortest is half of it. */
export const placesRetryMs = 400;
/** Bytes of one answer from Google: twenty results are under 100 KiB. */
export const placesBodyBytesMax = 4 * 1024 * 1024;
/** Characters of a message of Google that are passed on: its own have at most a few hundred. */
export const placesMessageCharactersMax = 1_000;
/** Bytes of one place in a gazetteer's file: a line of GeoNames, a feature of GeoJSON. */
export const placeBytesMax = 1024 * 1024;
/** Characters of a gazetteer's file that an error message quotes: it stays one line of a terminal. */
export const placesQuoteCharactersMax = 80;
/** Bytes of a gazetteer's file read at a time: a few milliseconds' work, then clients are served. */
export const placesReadBytes = 128 * 1024;
/**
 * Places that the index of a gazetteer looks at in one go while it is built, about two milliseconds'
 * work; then clients are served.
 */
export const placesSliceMax = 100_000;
/** Bytes of the memory that a gazetteer takes at a time: its last piece is half empty on average. */
export const placesChunkBytes = 1024 * 1024;
/**
 * Lists of types whose text is kept while a gazetteer is loaded: most files have fewer, and most places
 * have one of those.
 */
export const placesTypesKept = 256;
/**
 * Bytes of places that a gazetteer keeps as answers have them: some ten thousand. When they are
 * more, it begins anew.
 */
export const placesReadyBytesMax = 16 * 1024 * 1024;
/** Bytes before an array of GeoJSON in which its name must be; most may be white space. */
export const geoJsonNameBytesMax = 1_024;

// The command line

/** The first wait before a server that has ended is started again by `herd`, in ms. */
export const restartMsMin = 200;
/** The longest wait before a server is started again, in milliseconds. */
export const restartMsMax = 5_000;
/**
 * A server that ran this long had a good start: its next wait is the first again. In milliseconds.
 */
export const goodRunMs = 10_000;
/** How long `herd` lets a server stop before it kills it, in ms: more than stopMs and lingerMs. */
export const killMs = 3_000;
/** How long the client program waits for an answer, in ms: a server may ask Google twice. */
export const answerTimeoutMs = 30_000;
/** How long `ping` waits for the answer once it is connected, in milliseconds. */
export const pingTimeoutMs = 2_000;
/**
 * Lines without an answer that the client program shows one by one; of the others, their number.
 */
export const unansweredShownMax = 5;
/** Lines that the arrow keys bring back in the client program. */
export const historyLinesMax = 1_000;
/** Characters of a value in a message about herd.json: the line stays readable on a terminal. */
export const shownValueMax = 60;
/** Bytes of a client's own line in a message of the client program. */
export const shownLineBytesMax = 200;

// Who may do what

/** Bytes of a token: one with a hundred IDs fits. */
export const tokenBytesMax = 8 * 1024;
/** IDs, or prefixes of IDs, in one right of a token. */
export const idPatternsMax = 100;
/** Tokens that were checked and are remembered, so that the next request need not check them. */
export const tokensRememberedMax = 1024;
/** Lines of one connection beyond what its token allows; with the last one it is closed. */
export const refusalsMax = 3;
