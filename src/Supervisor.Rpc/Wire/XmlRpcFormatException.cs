namespace Supervisor.Rpc.Wire;

/// <summary>A document that is not well-formed XML, or a value that does not fit its type (RPC-004).</summary>
/// <param name="message">What is wrong, without any of the document.</param>
/// <param name="position">Where, in characters, if known.</param>
public sealed class XmlRpcFormatException(string message, int? position = null) : Exception(message)
{
    public int? Position => position;
}
