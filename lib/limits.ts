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

/** The first input buffer of a connection, in bytes: the longest sensible command fits. */
export const readBytesMin = 2 * 1024;

/** What an input buffer grows to with the traffic, in bytes. More gains nothing measurable. */
export const readBytesMax = 256 * 1024;

/** Connections open at once on a server, clients and neighbours together. */
export const connectionsMax = 16_384;

/**
 * A connection that has said no command yet is dropped after so long, in milliseconds: whoever
 * connects means to say something.
 */
export const silentClientMs = 60_000;

/**
 * A connection that has said commands is dropped after so long without another, in milliseconds. A
 * client that reports once an hour keeps its connection.
 */
export const idleClientMs = 2 * 3_600_000;

/** Connections are looked at this often, in milliseconds, for those that are to be dropped. */
export const sweepMs = 1_000;

/** After the system gave no connection and none could be dropped for it, in milliseconds. */
export const acceptPauseMs = 100;

/** How often the log says that strangers were dropped or refused, in milliseconds, for each reason. */
export const edgeLogMs = 60_000;

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
export const answerBytesMax = 256 * 1024;

/** The same, where all connections together have used up {@linkcode bufferBytesMax}. */
export const answerBytesMin = 16 * 1024;

/** The first block for answers, in bytes: what a small read of commands needs. */
export const answerBlockBytesMin = 1024;

/** A block for answers that has grown beyond this is not kept for the next ones, in bytes. */
export const answerBlockBytesKept = 512 * 1024;

/**
 * Bytes that the buffers of all clients' connections may grow to together, for long lines and for
 * answers that are not read: beyond it they stay small, and a line longer than 2 KiB is refused.
 */
export const bufferBytesMax = 64 * 1024 * 1024;

/** A client that has read nothing for this long while answers wait for it is dropped. */
export const slowClientMs = 30_000;

/** After a server's last word, how long it reads on so that the client gets it, in milliseconds. */
export const lingerMs = 1_000;

/** A graceful stop that has not finished its answers by now ends without them, in milliseconds. */
export const stopMs = 1_500;

/** Calls to Google under way at once; further questions wait for their turn. */
export const placesCallsMax = 256;

/** What one call to Google may take, in milliseconds, its body included. */
export const placesTimeoutMs = 5_000;

/** Bytes of one answer from Google: twenty results are under 100 KiB. */
export const placesBodyBytesMax = 4 * 1024 * 1024;

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

/** A kind of unexpected exception is logged at most this often, in milliseconds. */
export const faultMs = 60_000;

/** Characters of an unexpected exception that are logged: its message, and a stack of ten calls. */
export const faultCharactersMax = 4_096;

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

/** After reading or writing more than this at once, in bytes, others have their turn. */
export const busyBytes = 16 * 1024;

/**
 * Bytes of memory that a client costs whose ID has at most 36 bytes: its cell, and its share of the
 * index, the digest and what waits for links and disk, in the moment in which they grow. 173 to 195
 * are measured with a million clients.
 */
export const recordBytes = 208;

/**
 * Bytes of memory that a client is reckoned with when nobody says how many there may be: with an ID of
 * 60 bytes it costs so much. A longer ID costs its own length more.
 */
export const clientBytes = 256;

/** Clients that a server takes where it may not know how much memory there is: they are 1 GiB. */
export const clientsMaxUnknown = 4 * 1024 * 1024;

/** The most that herd.json may set `limits.maxClients` to: numbers of records have 31 bits. */
export const clientsMaxMax = 1_000_000_000;

/** The most that herd.json may set `limits.silentS` and `limits.idleS` to, in seconds: a year. */
export const quietSecondsMax = 366 * 86_400;
