using System.Buffers;
using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Client;

/// <summary>Writes a whole <c>methodCall</c> document.</summary>
public delegate void CallEncoder(IBufferWriter<byte> output, string method, IReadOnlyList<RpcValue> arguments);

/// <summary>Reads a whole <c>methodResponse</c> document; throws <see cref="Contract.RpcFaultException"/> for a fault.</summary>
public delegate RpcValue AnswerDecoder(ReadOnlySpan<byte> document);

/// <summary>How calls become bytes: the transport does not care, and its tests bring an independent codec.</summary>
public sealed record RpcCodec(CallEncoder Encode, AnswerDecoder Decode);
