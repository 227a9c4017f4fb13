namespace Supervisor.Rpc.Wire;

/// <summary>A document that is not well-formed XML, or a value that does not fit its type (RPC-004).</summary>
public sealed class XmlRpcFormatException(string message) : Exception(message);
