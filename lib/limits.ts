/**
 * Every limit of a server, in one place: its unit is in its name, its reason beside it, and a test
 * in `tests/limits_test.ts` bears its name.
 *
 * @module
 */

/** Bytes of one line of a client, its end not counted. The longest sensible command is under 200. */
export const lineBytesMax = 64 * 1024;

/**
 * Bytes of one line of a neighbour. An `AT` line is the client's line with the server's name and a
 * time difference, which has as many digits as the longest time stamp that fits a client's line.
 */
export const linkLineBytesMax = 2 * lineBytesMax + 1024;

/** The first input buffer of a connection, in bytes: ten thousand idle ones are 40 MB. */
export const readBytesMin = 4 * 1024;

/** What an input buffer grows to with the traffic, in bytes. More gains nothing measurable. */
export const readBytesMax = 256 * 1024;

/** Connections open at once on a server, clients and neighbours together. */
export const connectionsMax = 16_384;

/** How long a link may take from the hello to the proof, in milliseconds. */
export const helloTimeoutMs = 2_000;

/** Commands of one connection whose answers are still due; then reading from it pauses. */
export const unansweredMax = 256;

/** Lines of one read that a session takes at once; for the rest it waits for its turn. */
export const linesAtOnceMax = 128;

/** Lines that a session takes in one turn: about a millisecond. */
export const turnLinesMax = 1_000;

/** Turns are given for so many milliseconds; then what has come meanwhile is read. */
export const turnsMs = 4;

/** Bytes of answers that wait for one client; then reading from it pauses until it reads. */
export const answerBytesMax = 1024 * 1024;

/** A client that has read nothing for this long while answers wait for it is dropped. */
export const slowClientMs = 30_000;

/** After a server's last word, how long it reads on so that the client gets it, in milliseconds. */
export const lingerMs = 1_000;

/** A graceful stop that has not finished its answers by now ends without them, in milliseconds. */
export const stopMs = 1_500;

/** Calls to Google under way at once; further questions wait for their turn. */
export const placesCallsMax = 256;

/**
 * Calls to Google in a minute where herd.json does not say: enough for a busy server, and a small
 * part of what one stranger on twenty connections could make it pay for.
 */
export const placesPerMinute = 600;

/**
 * Calls to Google in 24 hours where herd.json does not say, since each is paid for: without it the
 * budget of a minute would allow 864,000.
 */
export const placesPerDay = 10_000;

/** Calls in the largest budget that herd.json may set: the time of each is kept, in eight bytes. */
export const placesBudgetMax = 1_000_000;

/** How often the log says that the budget is used up, in milliseconds, at the most. */
export const placesBudgetLogMs = 60_000;

/** Questions of one connection that are asked at once; its further ones wait. */
export const placesQuestionsPerConnectionMax = 4;

/** What one call to Google may take, in milliseconds, its body included. */
export const placesTimeoutMs = 5_000;

/** Bytes of one answer from Google: twenty results are under 100 KiB. */
export const placesBodyBytesMax = 4 * 1024 * 1024;

/**
 * The longest wait before Google is asked a second time, in milliseconds; the shortest is half of
 * it. It leaves most of {@linkcode placesTimeoutMs} to the second call.
 */
export const placesRetryMs = 400;

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

/** Places asked for in one question, as the assignment bounds it ("at most 20 items"). */
export const boundMax = 20;

/** Radius of a question in kilometres, as the assignment bounds it ("at most 50 km"). */
export const radiusKmMax = 50;

/** Each side of a link says something at least this often, in milliseconds. */
export const heartbeatMs = 1_000;

/** A link on which nothing was heard for this long is dead, in milliseconds. */
export const silenceMs = 3_500;

/** The first wait before a neighbour is dialled again, in milliseconds. */
export const backoffMsMin = 50;

/** The longest wait before a neighbour is dialled again, in milliseconds. */
export const backoffMsMax = 2_000;

/** A dial that takes longer than this has failed, in milliseconds. */
export const dialTimeoutMs = 2_000;

/** Bytes of one write to a neighbour; the longest line fits. */
export const linkWriteBytesMax = 256 * 1024;

/** What the writes to a neighbour begin with, in bytes; they grow when more waits. */
export const linkWriteBytesMin = 32 * 1024;

/** Bytes of log that may wait in memory before they are written. */
export const logBufferBytes = 256 * 1024;

/** How long a logged line may wait before it is written, in milliseconds. */
export const logFlushMs = 100;

/** A log file is set aside at this size, in bytes. */
export const logFileBytesMax = 256 * 1024 * 1024;

/** How many log files set aside are kept beside the current one. */
export const logFilesKept = 4;

/** Each link compares what both sides hold this often, in milliseconds, besides when it is made. */
export const catchUpMs = 30_000;

/** Long work is done in slices of this many milliseconds, so that no client waits for it. */
export const sliceMs = 2;

/** A record of a durable server is on disk this long after its answer at the most, in milliseconds. */
export const saveMs = 50;

/**
 * Saving is done in slices of this many milliseconds: in each turn of the event loop it must save more
 * than clients and neighbours bring in one, or a busy server falls behind with it without bound.
 */
export const saveSliceMs = 8;

/** After the disk failed, how long until it is tried again, in milliseconds. */
export const saveRetryMs = 2_000;

/** Bytes of one batch of records on disk. */
export const saveBatchBytes = 64 * 1024;

/** A store of at most so many lines is never written anew. */
export const storeLinesMin = 100_000;

/** A store of so many times as many lines as there are clients is written anew. */
export const storeSurplusMax = 3;

/**
 * How long a tombstone is kept, in seconds: 30 days. A server that was away for longer may bring a
 * deleted client back.
 */
export const tombstoneS = 30 * 24 * 3600;

/** After reading or writing more than this at once, in bytes, others have their turn. */
export const busyBytes = 16 * 1024;

/** The longest time between two rounds of forgetting old records, in milliseconds. */
export const forgetMsMax = 60_000;

/** The shortest time between two rounds of forgetting old records, in milliseconds. */
export const forgetMsMin = 100;

/** The first block for the answers to a client, in bytes: what a small read of commands needs. */
export const answerBlockBytesMin = 4 * 1024;

/** A block for answers that has grown beyond this is not kept for the next ones, in bytes. */
export const answerBlockBytesKept = 512 * 1024;

/** How often clients that do not read are looked for, in milliseconds. */
export const sweepMs = 1_000;

/** After the system gave no connection (too many open files), in milliseconds. */
export const acceptPauseMs = 100;

/**
 * Before a neighbour is asked again for what it lacks, in milliseconds: what it was asked for first has
 * come by then.
 */
export const askAgainMs = 500;

/** The first input buffer of a link, in bytes; there are few links, and they are busy. */
export const linkReadBytesMin = 16 * 1024;

/** Batches of records that are dropped from the store in one slice of work. */
export const storeDropsAtOnce = 8;

/** Records that are marked to be saved anew in one slice of work: about one batch. */
export const storeMarksAtOnce = 500;
